from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..lib import secret_box
from .common_desk import DeskCase

IDENTITY = "440106199001011234"


@tagged("post_install", "-at_install")
class TestSecret(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.keys = Path(folder.name) / "secret.key"
        secret_box.make_keys(cls.keys)
        cls.startClassPatcher(
            patch.dict("os.environ", {"CS_SECRET_KEY_FILE": str(cls.keys)})
        )
        cls._sign_undertaking(cls.agent)
        cls.customer.identity_number = IDENTITY
        cls.env.flush_all()

    def _column(self, name="identity_number_locked"):
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT {name} FROM res_partner WHERE id = %s", [self.customer.id]
        )
        return self.env.cr.fetchone()[0]

    def test_the_database_has_no_word_of_it(self):
        """003-23, 003-63: the column holds a token, the screen a mask."""
        self.env.cr.execute(
            "SELECT to_jsonb(p)::text FROM res_partner p WHERE id = %s",
            [self.customer.id],
        )
        self.assertNotIn(IDENTITY, self.env.cr.fetchone()[0])
        as_agent = self.customer.with_user(self.agent)
        self.assertEqual(as_agent.identity_number, "44****34")
        with self.assertRaises(AccessError):
            as_agent.read(["identity_number_locked"])
        with self.assertRaises(AccessError):
            as_agent.search([("identity_number_print", "!=", False)])
        with self.assertRaises(AccessError):
            self.customer.with_user(self.manager).read(["identity_number_locked"])

    def test_reveal_and_search(self):
        """003-23: uncovered with a reason, found by the whole value only."""
        as_agent = self.customer.with_user(self.agent)
        self.assertEqual(
            as_agent.action_reveal("identity_number", "核实身份"), IDENTITY
        )
        log = self.env["cs.reveal.log"].search([], limit=1)
        self.assertEqual((log.user_id, log.field_name), (self.agent, "identity_number"))
        found = as_agent.search([("identity_number", "=", "440106 19900101 1234")])
        self.assertEqual(found, as_agent)
        self.assertNotIn(as_agent, as_agent.search([("identity_number", "=", "4401")]))
        with self.assertRaisesRegex(UserError, "whole"):
            as_agent.search([("identity_number", "ilike", "4401")])

    def test_written(self):
        """003-23: a mask is not saved, an empty value takes it away."""
        self.customer.identity_number = "44****34"
        self.assertEqual(
            self.customer.action_reveal("identity_number", "核实"), IDENTITY
        )
        self.customer.member_card = "VIP-0001"
        self.assertEqual(
            self.customer.action_reveal("identity_number", "核实"), IDENTITY
        )
        self.customer.identity_number = False
        self.assertFalse(self._column())

    def test_rotation(self):
        """003-63: a new key locks everything anew; the old key is then not needed."""
        self.addCleanup(self.keys.write_text, self.keys.read_text())
        old = self._column(), self._column("identity_number_print")
        secret_box.add_key(self.keys)
        found = self.env["res.partner"].search([("identity_number", "=", IDENTITY)])
        self.assertEqual(found, self.customer, "between the two steps")
        self.assertGreaterEqual(self.env["cs.secret.mixin"]._rotate_secrets(), 1)
        self.assertEqual(self.env["cs.secret.mixin"]._rotate_secrets(), 0)
        secret_box.drop_old_keys(self.keys)
        self.assertNotEqual(
            (self._column(), self._column("identity_number_print")), old
        )
        self.assertEqual(
            self.customer.action_reveal("identity_number", "核实"), IDENTITY
        )
        found = self.env["res.partner"].search([("identity_number", "=", IDENTITY)])
        self.assertEqual(found, self.customer)

    def test_without_a_key(self):
        """003-63: the form opens, to uncover or to write says what is missing."""
        with patch.dict("os.environ", {"CS_SECRET_KEY_FILE": "/nowhere/secret.key"}):
            self.env.invalidate_all()
            self.assertEqual(self.customer.identity_number, "****")
            with self.assertRaisesRegex(UserError, "/nowhere/secret.key"):
                self.customer.action_reveal("identity_number", "核实")
            with self.assertRaisesRegex(UserError, "/nowhere/secret.key"):
                self.customer.identity_number = "1"
        keys = self.keys.read_text()
        self.addCleanup(self.keys.write_text, keys)
        secret_box.write_keys(self.keys, [secret_box.new_key()])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "former key"):
            self.customer.action_reveal("identity_number", "核实")
