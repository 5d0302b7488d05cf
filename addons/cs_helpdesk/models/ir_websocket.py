import re

from odoo import models

VIEWERS_CHANNEL = re.compile(r"cs_helpdesk\.viewers_(\d{1,9})")


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """P9: who looks at a ticket is told to employees who may read it only."""
        channels = list(channels)
        wanted = {
            channel: match
            for channel in channels
            if isinstance(channel, str)
            and (match := VIEWERS_CHANNEL.fullmatch(channel))
        }
        if wanted:
            channels = [channel for channel in channels if channel not in wanted]
            if self.env.user._is_internal():
                tickets = self.env["helpdesk.ticket"].browse(
                    int(match[1]) for match in wanted.values()
                )
                readable = tickets.exists()._filtered_access("read")
                channels.extend((ticket, "viewers") for ticket in readable)
        return super()._build_bus_channel_list(channels)
