"""What the gates share: where things stand, how to fail, how to reach a database."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"


def die(sentence):
    """End the script with one clear sentence and exit code 1."""
    sys.exit(f"{Path(sys.argv[0]).name}: {sentence}")


def addons():
    """Return the folders of our addons, sorted by name."""
    return sorted(path.parent for path in ADDONS.glob("cs_*/__manifest__.py"))


def relative(path):
    """Return a path as a reader of the repository names it."""
    return str(Path(path).resolve().relative_to(ROOT))


def config_path():
    """Return the Odoo configuration that the set-up made for this checkout."""
    path = os.environ.get("CS_ODOO_CONF")
    if not path:
        die("CS_ODOO_CONF names no Odoo configuration; start this through make.")
    if not Path(path).is_file():
        die(f"CS_ODOO_CONF names {path}, which does not exist.")
    return path


def run(command, **options):
    """Run a command at the top of the checkout; return its exit code and output."""
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **options,
        )
    except FileNotFoundError:
        die(f"{command[0]} is not installed; run make to set the project up.")
    return done.returncode, done.stdout


def tool(name):
    """Return the path of a tool that was installed beside this Python."""
    return str(Path(sys.executable).with_name(name))


@contextmanager
def odoo_env(database):
    """Yield an Odoo environment on a database; nothing done in it is kept."""
    import odoo.init  # noqa: F401  (Odoo's own start-up, before anything of it)
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tools import config

    options = ["-c", config_path(), "-d", database, "--no-http", "--log-level=warn"]
    # The deprecations of other libraries are not what a gate is about.
    options.append("--log-handler=py.warnings:ERROR")
    config.parse_config(options, setup_logging=True)
    try:
        registry = Registry(database)
    except Exception as error:  # whatever keeps Odoo from opening it, say so once
        die(f"database {database} cannot be opened: {str(error).strip()}")
    with registry.cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})
        cr.rollback()


def require_installed(env, names):
    """End with a sentence when one of the addons is not installed."""
    found = env["ir.module.module"].search(
        [("name", "in", names), ("state", "=", "installed")]
    )
    missing = sorted(set(names) - set(found.mapped("name")))
    if missing:
        die(f"{', '.join(missing)} not installed in database {env.cr.dbname}.")
