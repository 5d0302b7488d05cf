"""`scripts/backup` against a real database: made, verified, logged, restored."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "backup"


@tagged("post_install", "-at_install")
class TestBackup(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.config = Path(folder.name) / "odoo.conf"
        names = ("db_host", "db_port", "db_user", "db_password", "data_dir")
        lines = [f"{name} = {config[name] or False}" for name in names]
        lines.append("addons_path = " + ",".join(config["addons_path"]))
        cls.config.write_text("[options]\n" + "\n".join(lines) + "\n")

    def setUp(self):
        super().setUp()
        self.target = self.folder / self._testMethodName

    def backup(self, command, *more, log=False):
        return subprocess.run(
            [
                sys.executable, str(SCRIPT), command, "-c", str(self.config),
                "-d", get_db_name(), "-t", str(self.target),
                *([] if log else ["--no-log"]), *more,
            ],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip

    def folders(self):
        return sorted((self.target / get_db_name()).glob("2*Z"))

    def test_whole_life(self):
        """000-118, 003-62, G28: made and verified, restored beside the running one,
        and a damaged one is found out."""
        nothing = self.backup("restore-test")
        self.assertEqual(nothing.returncode, 1)
        self.assertIn("no backup to restore", nothing.stdout)
        made = self.backup("run")
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        (folder,) = self.folders()
        manifest = json.loads((folder / "manifest.json").read_text())
        self.assertGreater(manifest["counts"]["ir_module_module"], 10)
        self.assertEqual(self.backup("verify").returncode, 0)
        restored = self.backup("restore-test")
        self.assertEqual(restored.returncode, 0, restored.stdout + restored.stderr)

        dump = folder / "database.dump"
        data = bytearray(dump.read_bytes())
        data[len(data) // 2] ^= 0xFF
        dump.write_bytes(data)
        broken = self.backup("verify")
        self.assertEqual(broken.returncode, 1)
        self.assertIn("checksum", broken.stdout)

    def test_failure_leaves_nothing(self):
        """000-118: a run that fails says so and leaves nothing that looks good."""
        failed = subprocess.run(
            [
                sys.executable, str(SCRIPT), "run", "-c", str(self.config),
                "-d", "no_such_database", "-t", str(self.target), "--no-log",
            ],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        self.assertEqual(failed.returncode, 1)
        self.assertIn("failed", failed.stdout)
        self.assertFalse(list(self.target.glob("no_such_database/*")))

    def test_logged_through_odoo(self):
        """000-118, 003-62: the run is in the database, written by Odoo itself."""
        failed = self.backup("run", "--off-site", "false", log=True)
        self.assertEqual(failed.returncode, 1, failed.stderr)
        self.assertIn("failed", failed.stdout)
        key = failed.stdout.split()[1].rstrip(":")
        with Registry(get_db_name()).cursor() as cr:
            cr.execute(
                "SELECT state, verified FROM cs_backup_log WHERE run_key = %s", (key,)
            )
            self.assertEqual(cr.fetchall(), [("failed", True)])
            cr.execute("DELETE FROM cs_backup_log WHERE run_key = %s", (key,))
            cr.commit()
