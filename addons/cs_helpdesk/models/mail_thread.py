import logging

from odoo import api, models

_logger = logging.getLogger(__name__)

# RFC 3834 and what older answering machines say
ANSWER_HEADERS = {
    "auto-submitted": ("auto-replied",),
    "precedence": ("auto_reply", "auto-reply"),
    "x-autoreply": ("yes",),
    "x-autorespond": ("",),
}


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """An answering machine opens no ticket: its next answer would open another."""
        opens_ticket = any(
            route[0] == "helpdesk.ticket" and not route[1] for route in routes or []
        )
        if opens_ticket and self._is_automatic_answer(message):
            _logger.info(
                "Ignored automatic answer from %s with Message-Id %s",
                message_dict.get("email_from"),
                message_dict.get("message_id"),
            )
            return True
        return super()._detect_loop_sender(message, message_dict, routes)

    @api.model
    def _is_automatic_answer(self, message):
        """Whether the headers of an e-mail say that no person wrote it."""
        return any(
            str(message[header] or "").strip().lower().startswith(words)
            for header, words in ANSWER_HEADERS.items()
            if message[header] is not None
        )
