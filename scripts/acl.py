"""Static part of the access gate: what the source says, without a database."""

import ast
import csv

MODEL_CLASSES = {"Model", "TransientModel"}
WRITES = ("perm_write", "perm_create", "perm_unlink")


def _attributes(node):
    """Return the literal class attributes of a model, such as `_name`."""
    found = {}
    for line in node.body:
        if isinstance(line, ast.Assign):
            for target in line.targets:
                if isinstance(target, ast.Name) and target.id.startswith("_"):
                    try:
                        found[target.id] = ast.literal_eval(line.value)
                    except ValueError:  # a constraint or an index: no literal
                        continue
    return found


def declared_models(source):
    """Return the names of the stored models and wizards that a source declares.

    A class that names a model it also inherits extends one of another addon.
    """
    names = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
        given = _attributes(node)
        name, inherits = given.get("_name"), given.get("_inherit") or ()
        inherits = [inherits] if isinstance(inherits, str) else inherits
        if bases & MODEL_CLASSES and name and name not in inherits:
            if not given.get("_abstract"):
                names.add(name)
    return names


def row_findings(rows, where):
    """Return what is wrong with access rows: the public group may at most read."""
    findings = []
    for row in rows:
        group = (row.get("group_id:id") or row.get("group_id/id") or "").strip()
        granted = [perm for perm in WRITES if (row.get(perm) or "0").strip() == "1"]
        if not group:
            findings.append(f"{where}: {row.get('id')} has no group: open to everybody")
        elif group == "base.group_public" and granted:
            findings.append(f"{where}: {row.get('id')} lets the public {granted}")
    return findings


def covered_models(rows):
    """Return the model names that access rows cover."""
    column = ("model_id:id", "model_id/id")
    ids = [(row.get(column[0]) or row.get(column[1]) or "").strip() for row in rows]
    return {model_id.split(".")[-1].removeprefix("model_") for model_id in ids}


def read_rows(path):
    """Return the rows of an `ir.model.access.csv`, none when it does not exist."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def check_addon(addon):
    """Return the findings of one addon folder."""
    path = addon / "security" / "ir.model.access.csv"
    rows = read_rows(path)
    where = f"{addon.name}/security/ir.model.access.csv"
    findings = row_findings(rows, where)
    covered = covered_models(rows)
    for source in sorted(addon.rglob("*.py")):
        if "tests" in source.parts or "migrations" in source.parts:
            continue
        for name in sorted(declared_models(source.read_text(encoding="utf-8"))):
            if name.replace(".", "_") not in covered:
                findings.append(
                    f"{addon.name}/{source.relative_to(addon)}: {name} has no row"
                )
    return findings
