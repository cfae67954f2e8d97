"""Two kinds of import contract that import-linter does not bring: an allow-list, and the doors between rooms.

They are named in ``pyproject.toml`` beside the built-in kinds, so that ``lint-imports`` checks the whole plan.
Deferred imports inside functions count, because the import graph holds every import statement of a file.
"""

from __future__ import annotations

import sys
from fnmatch import fnmatchcase

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


def _inside(module: str, packages: list[str]) -> bool:
    """Is the module one of the packages, or below one of them?"""
    return any(module == package or module.startswith(package + ".") for package in packages)


def _matching(graph: ImportGraph, patterns: list[str]) -> list[str]:
    """Modules whose dotted name fits a pattern such as ``openpbc.*.rules``, where a star stands for one name."""
    wanted = [pattern.split(".") for pattern in patterns]
    return sorted(
        module
        for module in graph.modules
        if any(len(parts) == module.count(".") + 1 and _fits(module.split("."), parts) for parts in wanted)
    )


def _fits(names: list[str], parts: list[str]) -> bool:
    return all(fnmatchcase(name, part) for name, part in zip(names, parts, strict=True))


class _ListedBreaches(Contract):
    """A contract whose result is a list of sentences."""

    def breaches(self, graph: ImportGraph) -> list[str]:
        raise NotImplementedError

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = self.breaches(graph)
        return ContractCheck(kept=not found, metadata={"breaches": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for sentence in check.metadata["breaches"]:
            output.print_error(sentence, bold=False)


class AllowOnlyContract(_ListedBreaches):
    """The source packages may import themselves, the allowed packages, and the standard library if so said."""

    type_name = "allow_only"
    source_packages = fields.ListField(subfield=fields.StringField())
    allowed_packages = fields.ListField(subfield=fields.StringField(), required=False)
    standard_library = fields.BooleanField(required=False, default=True)

    def breaches(self, graph: ImportGraph) -> list[str]:
        found = []
        for package in _matching(graph, self.source_packages):  # type: ignore[arg-type]
            allowed = [package, *(self.allowed_packages or [])]  # type: ignore[misc]
            for module in sorted({package} | graph.find_descendants(package)):
                for imported in sorted(graph.find_modules_directly_imported_by(module)):
                    if not _inside(imported, allowed) and not self._standard(imported):
                        found.append(f"{module} imports {imported}: {package} may import only {', '.join(allowed)}")
        return found

    def _standard(self, module: str) -> bool:
        return bool(self.standard_library) and module in sys.stdlib_module_names


class DoorsContract(_ListedBreaches):
    """A room enters another room only through the doors, ``openpbc.<room>.<door>``; the roof has doors of its own.

    ``closed`` names the modules that nobody outside their own package opens, of any package at all.
    """

    type_name = "doors"
    root = fields.StringField()
    rooms = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())
    roof = fields.StringField()
    roof_doors = fields.ListField(subfield=fields.StringField())
    closed = fields.ListField(subfield=fields.StringField())

    def breaches(self, graph: ImportGraph) -> list[str]:
        return [
            f"{importer} imports {imported}: {why}"
            for importer in sorted(graph.modules)
            if importer.startswith(f"{self.root}.")
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if (why := self._refusal(importer, imported))
        ]

    def _refusal(self, importer: str, imported: str) -> str:
        """Why this import may not be, or nothing."""
        if not imported.startswith(f"{self.root}."):
            return ""
        _, here, *_ = importer.split(".")
        _, there, *inner = imported.split(".")
        if here == there:
            return ""
        if inner and inner[0] in self.closed:  # type: ignore[operator]
            return f"the {inner[0]} of {there} are its own"
        doors = self.roof_doors if here == self.roof else self.doors
        if there in self.rooms and (not inner or inner[0] not in doors):  # type: ignore[operator]
            return f"{here} enters {there} only through {', '.join(doors)}"  # type: ignore[arg-type]
        return ""
