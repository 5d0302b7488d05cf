"""Databases of the benchmarks: copies of a template, thrown away at the end."""

import os
import subprocess
import sys
from contextlib import contextmanager

import odoo.init  # noqa: F401  (Odoo's own start-up, before anything of it)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tools import config

from .report import say


class Databases:
    """Make, open and drop databases.

    Both sides of a comparison come from the same base: everything our addons depend
    on is installed in both, our addons in one. ``BENCH_BASE`` and ``BENCH_SUITE`` may
    name templates; otherwise those of the tests are taken, or made.
    """

    def __init__(self):
        config.parse_config(["-c", os.environ["CS_ODOO_CONF"]])
        names = config["db_name"]
        self.prefix = (names[0] if isinstance(names, list) else names) or "cs_bench"
        self.made = []
        for key in ("host", "port", "user", "password"):
            if config[f"db_{key}"]:  # for createdb and dropdb
                os.environ[f"PG{key.upper()}"] = str(config[f"db_{key}"])

    def bare(self):
        """A database with all that ours depends on, and nothing of ours."""
        return self._copy("bare", self._template("base", "BENCH_BASE"))

    def suite(self, name="suite"):
        return self._copy(name, self._template("suite", "BENCH_SUITE"))

    def _template(self, kind, variable):
        if os.environ.get(variable):
            return os.environ[variable]
        like = f"{self.prefix.removesuffix('_bench')}\\_{kind}\\_%"
        with db_connect("postgres").cursor() as cr:
            cr.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s "
                "ORDER BY oid DESC",
                [like],
            )
            row = cr.fetchone()
        return row[0] if row else self._install(kind)

    def _install(self, kind):
        name = f"{self.prefix}_{kind}"
        if name in self.made:
            return name
        say(f"installing {name}")
        modules = "cs_helpdesk"
        if kind == "base":
            script = [sys.executable, "scripts/setup/modules.py", "base"]
            modules = subprocess.check_output(script, text=True).strip()
            self._create(name, "template0")
        else:
            self._create(name, self._template("base", "BENCH_BASE"))
        command = [sys.executable, "-m", "odoo", "-c", os.environ["CS_ODOO_CONF"]]
        command += ["-d", name, "-i", modules, "--no-http", "--stop-after-init"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return name

    def _copy(self, name, template):
        name = f"{self.prefix}_{name}"
        self._create(name, template)
        return name

    def _create(self, name, template):
        subprocess.run(["dropdb", "--if-exists", "--force", name], check=True)
        subprocess.run(["createdb", "-T", template, name], check=True)
        self.made.append(name)

    @contextmanager
    def env(self, name):
        """An environment of the superuser; what is not committed is rolled back."""
        with Registry(name).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.rollback()

    def drop(self):
        for name in self.made:
            Registry.delete(name)
            close_db(name)
            subprocess.run(["dropdb", "--if-exists", "--force", name], check=True)
        self.made.clear()
