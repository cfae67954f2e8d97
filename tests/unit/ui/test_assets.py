"""The style sheet that the site serves loads nothing from another host, and the lock file names none."""

from __future__ import annotations

import json

import pytest

from openpbc.kernel.problems import UserError
from openpbc.site import assets

FONT = '@font-face{font-family:Frutiger W01;src:url(https://elsewhere.example/a.woff2) format("woff2")}'


def test_remote_fonts_are_taken_out_and_icons_made_relative():
    css = FONT + "body{font-family:Frutiger W01,arial,sans-serif}a{background:url(/assets/images/arrow-up.svg)}" + FONT
    assert assets.stylesheet(css) == "body{font-family:arial,sans-serif}a{background:url(images/arrow-up.svg)}"


def test_a_style_sheet_that_still_loads_from_elsewhere_is_refused():
    with pytest.raises(UserError, match="another host"):
        assets.stylesheet("a{background:url(https://elsewhere.example/a.png)}")


def test_the_lock_fixes_hashes_and_names_no_host():
    text = (assets.ROOT / "package-lock.json").read_text()
    assert "http" not in text
    packages = {name: body for name, body in json.loads(text)["packages"].items() if name}
    assert packages
    assert all(body["integrity"].startswith("sha512-") for body in packages.values())


def test_only_used_files_are_copied(tmp_path):
    source = tmp_path / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk"
    (source / "assets" / "images").mkdir(parents=True)
    (source / "nhsuk-frontend.min.css").write_text(
        "a{background:url(/assets/images/tick.svg)}/*# sourceMappingURL=x.map */"
    )
    (source / "nhsuk-frontend.min.js").write_text("export const a = 1;\n//# sourceMappingURL=x.map\n")
    for icon in ("tick.svg", "unused.svg"):
        (source / "assets" / "images" / icon).write_text("<svg/>")
    written = assets.copy_used(tmp_path / "node_modules", tmp_path / "vendor")
    names = [path.relative_to(tmp_path / "vendor" / "nhsuk").as_posix() for path in written]
    assert names == ["images/tick.svg", "nhsuk-frontend.min.css", "nhsuk-frontend.min.js"]
    assert all("sourceMappingURL" not in path.read_text() for path in written)


def test_without_npm_a_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setattr(assets.shutil, "which", lambda name: None)
    monkeypatch.setattr(assets.sys, "executable", "/nowhere/python")
    with pytest.raises(UserError, match="make setup"):
        assets.npm_command()
