"""Labels that a view shows although translators never see them."""

from lxml import etree

SHOWING = ("form", "list", "search", "pivot", "graph", "calendar")
HIDING = ("invisible", "column_invisible", "nolabel")


def shown_fields(arch):
    """Yield the path of names of each field whose own label a view shows."""
    for node in etree.fromstring(arch).iter("field"):
        hidden = any(node.get(name) in ("1", "True") for name in HIDING)
        if hidden or node.get("string") or node.get("position"):
            continue
        nested = [
            parent.get("name")
            for parent in node.iterancestors("field")
            if not parent.get("position")
        ]
        yield [*reversed(nested), node.get("name")]


def field_at(env, model, path):
    """Return the field at the end of a path from a model, None when there is none."""
    for name in path[:-1]:
        field = env[model]._fields.get(name) if model in env else None
        model = getattr(field, "comodel_name", None)
    return env[model]._fields.get(path[-1]) if model in env else None


def unexported(env, addon):
    """Return our fields whose label a view of an addon shows but no template names."""
    data = env["ir.model.data"].search(
        [("module", "=", addon), ("model", "=", "ir.ui.view")]
    )
    found = set()
    for view in env["ir.ui.view"].browse(data.mapped("res_id")):
        if view.type not in SHOWING or view.model not in env:
            continue
        for path in shown_fields(view.arch_db):
            field = field_at(env, view.model, path)
            if field is None or field._module != addon:
                continue
            if not field.export_string_translation:
                found.add(f"{view.xml_id}: the label of {field} is not translated")
    return sorted(found)
