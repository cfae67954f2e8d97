"""The database as lines of JSON, from and to SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from openpbc.kernel.problems import UserError

# What ends with its installation or its hour: sessions, receipts of forms, failed sign-ins.
_PASSING = frozenset({"site.formreceipt", "organisations.signinattempt"})
_BATCH = 2000


def kept_models() -> list[type[models.Model]]:
    """Every model whose rows a backup keeps, those that others refer to first."""
    ours = [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("openpbc.")
        for model in config.get_models()
        if model._meta.label_lower not in _PASSING
    ]
    ordered: list[type[models.Model]] = []
    while ours:
        ready = [model for model in ours if not _needs(model) & set(ours) - {model}]
        ordered += ready
        ours = [model for model in ours if model not in ready]
    return ordered


def _needs(model: type[models.Model]) -> set[type[models.Model]]:
    """The models whose rows stand before a model's own; one whose rows close others' (``posts``) comes after those."""
    fields = [field for field in model._meta.get_fields() if field.many_to_one and field.concrete]
    posting = getattr(model, "posted_by", "")
    closed = {apps.get_model(model._meta.app_label, name) for name in getattr(model, "posts", ())}
    return {field.related_model for field in fields if field.name != posting} | closed


def migrations() -> list[str]:
    """Name the migrations that shape the database, so that rows go only where they fit."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def dump(path: Path) -> int:
    """Write every row, as of one moment; give how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file, transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for model in kept_models():
            for row in model._default_manager.order_by(*(model._meta.ordering or ("pk",))).iterator(chunk_size=_BATCH):
                file.write(serializers.serialize("jsonl", [row]))
                count += 1
    return count


def is_empty() -> bool:
    """Tell whether no kept model has a row."""
    return not any(model._default_manager.exists() for model in kept_models())


def load(path: Path) -> int:
    """Put every row back into an empty database of the same shape, all or none; give how many."""
    count = 0
    try:
        with transaction.atomic():
            for model, rows in _batches(path):
                model._default_manager.bulk_create(rows)
                count += len(rows)
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), kept_models()):
                    cursor.execute(statement)
    except (DatabaseError, serializers.base.DeserializationError, json.JSONDecodeError) as problem:
        raise UserError(f"the rows do not fit this database ({problem})", do="Nothing was restored.") from problem
    return count


def _batches(path: Path) -> Iterator[tuple[type[models.Model], list[models.Model]]]:
    """Give the rows in the order of the file, batched while they are of one model."""
    batch: list[models.Model] = []
    with path.open(encoding="utf-8") as file:
        for each in serializers.deserialize("jsonl", file):
            if batch and (type(batch[0]) is not type(each.object) or len(batch) >= _BATCH):
                yield type(batch[0]), batch
                batch = []
            batch.append(each.object)
    if batch:
        yield type(batch[0]), batch
