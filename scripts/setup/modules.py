"""Print our installable addons (ours), or what they need from outside (base).

usage: modules.py ours|base
"""

import ast
import pathlib
import sys

manifests = {
    path.parent.name: ast.literal_eval(path.read_text(encoding="utf-8"))
    for path in pathlib.Path(__file__).parents[2].glob("addons/*/__manifest__.py")
}
ours = {name for name, data in manifests.items() if data.get("installable", True)}
needed = {need for name in ours for need in manifests[name].get("depends", ["base"])}
print(",".join(sorted(ours if sys.argv[1] == "ours" else needed - manifests.keys())))
