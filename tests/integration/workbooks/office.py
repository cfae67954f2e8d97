"""LibreOffice Calc, headless: opens a file as a spreadsheet user would, and computes every formula anew."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# Computing anew on load is a setting of the profile: without it a file that names its own values keeps them.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
  <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
 </item>
</oor:items>
"""
SECONDS = 240


def soffice() -> str:
    """Give the path of LibreOffice; without it the test is skipped, and under CI it fails."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        return found
    missing = "LibreOffice Calc is not on PATH (Debian: apt-get install libreoffice-calc-nogui)"
    if os.environ.get("CI"):
        pytest.fail(f"{missing}; under CI the workbook tests may not be skipped")
    pytest.skip(missing)


def converted(content: bytes, suffix: str, folder: Path, *, to: str = "xlsx", read_as: str = "") -> bytes:
    """Open content in LibreOffice with a profile of its own, let it compute, and give what it saves."""
    program = soffice()
    source, out, profile = folder / f"given.{suffix}", folder / "saved", folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    source.write_bytes(content)
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command += [f"--infilter={read_as}"] if read_as else []
    command += ["--convert-to", to, "--outdir", str(out), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    made = out / f"given.{to}"
    assert made.exists(), f"LibreOffice saved nothing: {done.stdout} {done.stderr}"
    return made.read_bytes()
