import base64
import io
import struct
import zlib

from PIL import Image

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .collab_common import DeskMixin

GPS = 0x8825
MAIL = """Return-Path: <liu@customer.example.com>
To: desk@{domain}
From: Liu <liu@customer.example.com>
Subject: Photos
Message-Id: <photos-{key}@customer.example.com>
Date: Tue, 24 Nov 2026 10:00:00 +0800
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="cut"

--cut
Content-Type: text/plain; charset="utf-8"

{text}
{parts}
--cut--
"""
PART = """--cut
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="{name}"
Content-Transfer-Encoding: base64

{data}
"""


def _encode(data):
    return base64.encodebytes(data).decode()


def photo():
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 14.0, 3.5), 3: "E", 4: (121.0, 28, 9)})
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "brown").save(out, "JPEG", exif=exif)
    return out.getvalue()


def bomb():
    def chunk(name, body):
        crc = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body


def has_position(data):
    return bool(Image.open(io.BytesIO(data)).getexif().get_ifd(GPS))


@tagged("post_install", "-at_install")
class TestFiles(MailCommon, DeskMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_desk()
        cls.ticket = cls._make_ticket()
        cls.parameters = cls.env["ir.config_parameter"]

    def _receive(self, text="See the photos", files=(), key="1"):
        alias = self.team.alias_id
        alias.alias_name = "desk"
        parts = "\n".join(
            PART.format(name=name, data=_encode(data)) for name, data in files
        )
        mail = MAIL.format(
            domain=alias.alias_domain_id.name, text=text, parts=parts, key=key
        )
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process("helpdesk.ticket", mail)
        return self.env["helpdesk.ticket"].search([], order="id desc", limit=1)

    def test_too_large_or_harmful(self):
        """003-23: what is too large or cannot be opened is refused in a sentence"""
        self.parameters.set_param("cs_helpdesk.file_megabytes", "1")
        with self.assertRaisesRegex(ValidationError, "larger than 1"):
            self._attach("big.txt", b"0" * (1024**2 + 1))
        with self.assertRaisesRegex(ValidationError, "too many pixels"):
            self._attach("bomb.png", bomb())
        self.assertFalse(
            self.ticket.attachment_ids.filtered("res_id").filtered(
                lambda f: f.name == "bomb.png"
            )
        )

    def _attach(self, name, raw):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": raw,
                "res_model": "helpdesk.ticket",
                "res_id": self.ticket.id,
            }
        )

    def test_too_many(self):
        """003-23: 21 files with one message are refused, 20 are not"""
        self.parameters.set_param("cs_helpdesk.file_count", "2")
        files = (
            self.env["ir.attachment"]
            .with_user(self.agent)
            .create(
                [
                    {
                        "name": f"{n}.txt",
                        "raw": b"x",
                        "res_model": "mail.compose.message",
                    }
                    for n in range(3)
                ]
            )
        )
        post = self.ticket.with_user(self.agent).message_post
        with self.assertRaisesRegex(ValidationError, "2"):
            post(body="x", attachment_ids=files.ids)
        self.assertEqual(
            len(post(body="x", attachment_ids=files[:2].ids).attachment_ids), 2
        )

    def test_pages_are_never_shown_as_pages(self):
        """003-23: content decides, not the name; pages and drawings are text"""
        evil = b"<html><script>alert(1)</script></html>"
        drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
        for name, raw in (("a.html", evil), ("photo.png", evil), ("a.svg", drawing)):
            with self.subTest(name=name):
                self.assertEqual(self._attach(name, raw).mimetype, "text/plain")

    def test_mail_keeps_what_fits(self):
        """000-11: of a mail that came in nothing is lost silently"""
        self.parameters.set_param("cs_helpdesk.file_count", "2")
        files = [
            ("1.txt", b"one"),
            ("bomb.png", bomb()),
            ("2.txt", b"two"),
            ("3.txt", b"3"),
        ]
        ticket = self._receive(files=files)
        message = ticket.message_ids.filtered("attachment_ids")[:1]
        self.assertEqual(set(message.attachment_ids.mapped("name")), {"1.txt", "2.txt"})
        self.assertIn("bomb.png", message.body)
        self.assertIn("3.txt", message.body)

    def test_huge_text(self):
        """000-11: a mail of 10 MB is a ticket with the text beside it, whole"""
        text = "门板开裂 " * 700_000
        ticket = self._receive(text=text, key="huge")
        self.assertLess(len(ticket.description), 200_000)
        whole = ticket.message_ids.attachment_ids.filtered(
            lambda f: f.file_size > 9_000_000
        )
        self.assertEqual(len(whole), 1)

    def test_mail_that_came_back(self):
        """000-05: an address that fails is seen on the ticket, its owner has a task"""
        self.ticket._message_receive_bounce("liu@customer.example.com", self.partner)
        self.ticket._message_receive_bounce("liu@customer.example.com", self.partner)
        self.assertEqual(self.ticket.mail_bounced, "liu@customer.example.com")
        self.assertEqual(self.ticket.activity_ids.user_id, self.agent)
        self.assertEqual(len(self.ticket.activity_ids), 1)
        self.ticket.with_user(self.agent).action_mail_reached()
        self.assertFalse(self.ticket.mail_bounced)

    def test_mail_out_tells_no_place(self):
        """003-63: a photograph that is mailed does not tell where it was taken"""
        data = photo()
        self.assertTrue(has_position(data))
        file = self._attach("photo.jpg", data)
        mail = self.env["mail.mail"].create(
            {
                "email_to": "liu@customer.example.com",
                "body_html": "<p>x</p>",
                "attachment_ids": [(6, 0, file.ids)],
            }
        )
        sent = mail._prepare_outgoing_list()[0]["attachments"][0]
        self.assertFalse(has_position(sent[1]))
        self.assertTrue(has_position(file.raw), "evidence stays as it was")


@tagged("post_install", "-at_install")
class TestPortalFiles(HttpCase, DeskMixin):
    @mute_logger("odoo.http")
    def test_portal_tells_no_place(self):
        """003-63: nor one that a customer's page shows; colleagues see the original"""
        self._make_desk()
        ticket = self._make_ticket()
        file = self.env["ir.attachment"].create(
            {
                "name": "photo.jpg",
                "raw": photo(),
                "res_model": "helpdesk.ticket",
                "res_id": ticket.id,
            }
        )
        file.generate_access_token()
        url = f"/web/content/{file.id}?access_token={file.access_token}"
        self.assertFalse(has_position(self.url_open(url).content))
        self.authenticate("desk_agent", "desk_agent")
        self.assertTrue(has_position(self.url_open(url).content))
