"""The same statements on Spark, for those who have more records than one machine should hold.

What a statement makes, table or view, is written as Parquet into the session's scratch folder and read back, so that
every statement starts from files: with views left open, planning one statement over the expressions of all before it
took minutes. A view is therefore what it was when it was made; the flow makes its views after the tables they read.
On a cluster the scratch folder must lie where all machines see it.

What Spark has computed is handed to the embedded engine for two things that should have one way only: small tables of
Python rows come in through it, and it writes what is published. So a published file has the same rows in the same order
whichever engine computed them. Its bytes may differ: a writer notes for each column whether it knows that no value is
missing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpbc.kernel.problems import UserError
from openpbc.warehouse.session import Row, Session, named, quoted, statement_text
from openpbc.warehouse.translation import Parquet, Statement, Translator

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql import SparkSession as Cluster

# The types that the product's statements use, by both engines' names.
_TYPES = {"VARCHAR": "string", "BIGINT": "bigint", "INTEGER": "int", "DATE": "date", "BOOLEAN": "boolean"}
_NAMES = {spark: own for own, spark in _TYPES.items()}
_SETTINGS = {
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ansi.enabled": "true",  # a cast that fails or a sum that overflows stops, as in the other engine
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.catalogImplementation": "in-memory",
    # not LZ4: Spark's reader fails on some of its own larger pages (parquet-java issue 3478)
    "spark.sql.parquet.compression.codec": "snappy",
    # the one way on which it fails on files that landed packed with LZ4
    "spark.hadoop.parquet.filter.dictionary.enabled": "false",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}
# Within this process nothing listens to the network, and a shuffle needs no more parts than there are processors.
_LOCAL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
}


class SparkSession(Session):
    """A session whose statements run on Spark; the embedded engine beneath it only takes in and writes out."""

    def __init__(
        self,
        *,
        threads: int | None = None,
        memory_limit: str = "2GB",
        temp_directory: Path | None = None,
        master: str = "",
    ) -> None:
        """Join the process's Spark, or start one on this machine; views and scratch are this session's own."""
        super().__init__(threads=threads, memory_limit=memory_limit, temp_directory=temp_directory, macros=False)
        if temp_directory is not None:
            temp_directory.mkdir(parents=True, exist_ok=True)
        self._scratch = Path(tempfile.mkdtemp(prefix="spark-", dir=temp_directory))
        self._spark = _cluster(threads, memory_limit, master).newSession()
        self._translator = Translator()
        self._folders: dict[str, Path] = {}
        self._files: set[Parquet] = set()
        self._written = 0
        self.script("openpbc.warehouse", "macros.sql")

    def close(self) -> None:
        """Forget views and scratch; Spark itself stays up for the process's next session."""
        super().close()
        for table in self._spark.catalog.listTables():
            self._spark.catalog.dropTempView(table.name)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run the statements; only queries take parameters."""
        for statement in self._translator.statements(sql):
            self._run(statement, parameters)

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Run one query and give all its rows."""
        return [tuple(row) for row in self._query(sql, parameters).collect()]

    def records(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run one query and give its rows as mappings of column to value."""
        return [row.asDict() for row in self._query(sql, parameters).collect()]

    def script(self, package: str, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run every statement of a package's ``.sql`` file."""
        self.execute(statement_text(package, name), parameters)

    def table(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Make a small table from Python rows, through the embedded engine."""
        super().table(name, columns, rows)
        folder = self._folder(name)
        folder.mkdir()
        self._engine.execute(f"copy {named(name)} to {quoted(folder / 'rows.parquet')} (format parquet)")
        self._engine.execute(f"drop table {named(name)}")
        shape = ", ".join(f"`{column}` {_TYPES[kind]}" for column, kind in columns.items())
        self._lay(name, folder, self._spark.read.schema(shape).parquet(str(folder)))

    def columns(self, relation: str) -> dict[str, str]:
        """Give the columns of a table or view with their types, in the product's names for them."""
        kinds = dict(self._spark.table(relation).dtypes)
        return {name: _NAMES.get(kind, kind) for name, kind in kinds.items()}

    def write(self, relation: str, path: Path, order_by: str) -> None:
        """Let Spark compute the rows, and the embedded engine write them in their total order."""
        folder = self._folders.get(relation)
        if folder is None:
            folder = self._folder("written")
            self._query(f"select * from {relation}").write.parquet(str(folder))
        super().write(f"read_parquet({quoted(folder / '*.parquet')})", path, order_by)

    def _run(self, statement: Statement, parameters: Mapping[str, Any] | None) -> None:
        for file in statement.files:
            self._lay_file(file)
        if statement.makes == "drop":
            self._spark.catalog.dropTempView(statement.name)
            shutil.rmtree(self._folders.pop(statement.name), ignore_errors=True)
        elif statement.makes in ("table", "view"):
            made = self._spark.sql(statement.query, args=dict(parameters or {}))
            folder = self._folder(statement.name)
            made.write.parquet(str(folder))
            self._lay(statement.name, folder, self._spark.read.schema(made.schema).parquet(str(folder)))
        else:
            self._spark.sql(statement.query, args=dict(parameters or {})).collect()

    def _query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> DataFrame:
        (statement,) = self._translator.statements(sql)
        for file in statement.files:
            self._lay_file(file)
        return self._spark.sql(statement.query, args=dict(parameters or {}))

    def _folder(self, name: str) -> Path:
        self._written += 1
        return self._scratch / f"{self._written:04d}-{name}"

    def _lay(self, name: str, folder: Path, held: DataFrame) -> None:
        """Give a table its name; a former one of the name stays on disk, since a statement may still read it."""
        self._folders[name] = folder
        held.createOrReplaceTempView(f"`{name}`")

    def _lay_file(self, file: Parquet) -> None:
        if file in self._files:
            return
        held = self._spark.read.parquet(str(file.path))
        if file.numbered:
            held = held.selectExpr("*", "_metadata.row_index as file_row_number")
        held.createOrReplaceTempView(file.name)
        self._files.add(file)


def version() -> str:
    """Name the engine as a run's manifest does."""
    return f"spark {_pyspark().__version__}"


def _pyspark() -> Any:
    try:
        import pyspark
    except ModuleNotFoundError as error:
        raise UserError("Spark is not installed", do="Install it with 'pip install openpbc[spark]'.") from error
    return pyspark


def _cluster(threads: int | None, memory: str, master: str) -> Cluster:
    _pyspark()
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession as Cluster

    builder = Cluster.builder.appName("openpbc").master(master or f"local[{threads or '*'}]")
    memory = memory.replace(" ", "").upper().removesuffix("B").lower()  # Java writes 2g where others write 2GB
    settings = _SETTINGS | ({} if master else _LOCAL) | {"spark.driver.memory": memory}
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkRuntimeError, FileNotFoundError) as error:
        raise UserError(
            "Spark could not start; it needs Java 17 or newer", do="Install a Java runtime, or set JAVA_HOME."
        ) from error
