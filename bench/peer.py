"""Runs the ten rules of ``validation.py`` in NHS England's data-validation-engine 0.9.0, in that program's environment.

``python peer.py FOLDER OUT RULES``: the folder with ``rows.csv`` and the lists, a folder to write in, and the rules as
JSON (code of the rule: column). The engine types fields by a contract, which covers rules on dates, whole numbers and
required fields, and runs expressions as filters; a list is looked up by a join. The last line of output is the report.
"""

from __future__ import annotations

import json
import logging
import shutil
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import duckdb
from dve.core_engine.backends.implementations.duckdb.auditing import DDBAuditingManager
from dve.core_engine.backends.implementations.duckdb.reference_data import DuckDBRefDataLoader
from dve.core_engine.models import SubmissionInfo
from dve.pipeline.duckdb_pipeline import DDBDVEPipeline

LISTS = {"provider": "V02", "practice": "V03", "tfc": "V05"}
TYPES = {"appointment_date": "date", "referral_date": "date", "age": "int", "priority": "int"}
REQUIRED = ("attendance_id", "attended", "appointment_date", "referral_date", "age", "priority")
FILTERS = {
    "V07": ("age", "age IS NULL OR age BETWEEN 0 AND 120"),
    "V08": ("sex", "sex IN ('1', '2', '3', '9')"),
    "V10": ("priority", "priority IS NULL OR priority BETWEEN 0 AND 6"),
}


def schema(columns: list[str]) -> dict:
    """Write the rules as the engine wants them."""
    fields = {name: TYPES.get(name, "str") for name in columns}
    joins = [
        {
            "operation": "left_join", "entity": "rows", "target": f"refdata_{name}",
            "join_condition": f"rows.{name} == refdata_{name}.code",
            "new_columns": {f"refdata_{name}.held": f"{name}_held"},
        }
        for name in LISTS
    ]  # fmt: skip
    tests = {rule: (name, f"{name}_held IS NOT NULL") for name, rule in LISTS.items()} | FILTERS
    filters = [
        {
            "entity": "rows", "name": rule, "expression": test, "error_code": rule, "reporting_field": name,
            "failure_message": rule, "failure_type": "record", "is_informational": False,
        }
        for rule, (name, test) in tests.items()
    ]  # fmt: skip
    held = {name: {"type": "filename", "filename": f"./lists/{name}.parquet"} for name in LISTS}
    dataset = {
        "fields": fields, "key_field": "attendance_id", "mandatory_fields": list(REQUIRED),
        "reader_config": {".csv": {"reader": "DuckDBCSVReader"}},
    }  # fmt: skip
    return {
        "contract": {"datasets": {"rows": dataset}},
        "transformations": {"reference_data": held, "rules": joins, "filters": filters},
    }


def main(folder: Path, out: Path, rules: dict[str, str]) -> None:
    """Set the engine up, then time its three stages."""
    logging.disable(logging.INFO)
    for name in ("rules/lists", "sent", "processed"):
        (out / name).mkdir(parents=True)
    columns = (folder / "rows.csv").open(encoding="utf-8").readline().strip().split(",")
    for name in LISTS:
        source = f"select code, true as held from read_csv('{folder / name}.csv', header=true, all_varchar=true)"
        duckdb.sql(f"copy ({source}) to '{out}/rules/lists/{name}.parquet' (format parquet)")
    described = out / "rules" / "rows.dischema.json"
    described.write_text(json.dumps(schema(columns)), encoding="utf-8")
    connection = duckdb.connect(":memory:")
    connection.execute("set threads = 2")
    DuckDBRefDataLoader.connection = connection
    DuckDBRefDataLoader.dataset_config_uri = (out / "rules").as_posix()
    log = DDBAuditingManager(":memory:", connection=connection)
    pipeline = DDBDVEPipeline(
        processed_files_path=(out / "processed").as_posix(), audit_tables=log, connection=connection,
        rules_path=described.as_posix(), submitted_files_path=(out / "sent").as_posix(),
    )  # fmt: skip
    told = SubmissionInfo(
        submission_id=uuid4().hex, dataset_id="rows", file_name="rows", file_extension=".csv", submitting_org="T1",
        submission_method="local", file_size=1, datetime_received=datetime.now(),
    )  # fmt: skip
    work = out / "processed" / told.submission_id
    work.mkdir()
    shutil.copy(folder / "rows.csv", work / "rows.csv")
    log.add_new_submissions([told])
    log.mark_transform([told.submission_id])
    started = time.perf_counter()
    passed = pipeline.file_transformation(told)
    passed = pipeline.apply_data_contract(*passed)
    pipeline.apply_business_rules(*passed)
    seconds = time.perf_counter() - started
    rule_of = {column: rule for rule, column in rules.items()}
    found = Counter(_rule(json.loads(line), rule_of) for file in work.glob("errors/*.jsonl") for line in file.open())
    memory = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    report = {"seconds": seconds, "peak_mib": int(memory.split()[1]) // 1024, "found": dict(sorted(found.items()))}
    print(json.dumps(report))


def _rule(error: dict, rule_of: dict[str, str]) -> str:
    """Name the rule of an error: filters carry our code, the contract's errors the column alone."""
    code = error.get("ErrorCode") or error.get("error_code") or ""
    column = error.get("ReportingField") or error.get("reporting_field") or error.get("FieldName") or ""
    return code if code.startswith("V") else rule_of.get(str(column), str(column))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))
