from odoo import models
from odoo.tools import format_datetime, html2plaintext


class CsTicketRegister(models.AbstractModel):
    """What the company's registers ask of a ticket, in the words of their columns."""

    _name = "cs.ticket.register"
    _description = "Ticket: Registers"

    def _get_register_customer(self):
        """客户, 用户姓名 (001-67, 004-95)."""
        return self.partner_id.name or self.partner_name or ""

    def _get_register_problem(self):
        """出现的问题, 投诉内容: the subject and what the customer said."""
        text = html2plaintext(self.description or "").strip()
        name = (self.name or "").strip()
        return text if text.startswith(name) else f"{name}\n{text}".strip()

    def _get_register_treatment(self):
        """处理, 处理结果: what was done, else what is planned, else where it stands."""
        return self.result or self.plan or self._get_register_progress()

    def _get_register_progress(self):
        """处理进度信息: the stage and the person it is with."""
        names = (self.stage_id.name, self.user_id.name, self.result)
        return " · ".join(name for name in names if name)

    def _get_register_revisit(self):
        """回访情况: the call-backs that were made, else what he said to the result."""
        done = self.revisit_ids.filtered("done_at")
        if done:
            return "\n".join(map(self._get_register_call_back, done.sorted("done_at")))
        if not self.told_at:
            return ""
        return self._get_register_line(self, "verdict", self.told_at)

    def _get_register_call_back(self, revisit):
        line = self._get_register_line(revisit, "result", revisit.done_at)
        return f"{line} {revisit.words or ''}".strip()

    def _get_register_line(self, record, field, moment):
        words = dict(record._fields[field]._description_selection(self.env))
        at = format_datetime(self.env, moment, dt_format="yyyy-MM-dd HH:mm")
        return f"{at} {words.get(record[field], '')}".strip()
