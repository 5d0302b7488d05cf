from odoo.tools import SQL


def pre_init_hook(env):
    """Make ticket numbers unique before the index asks for it.

    The oldest ticket keeps its number, the others get ``-2``, ``-3``.
    """
    while True:
        env.cr.execute(
            SQL("""
            UPDATE helpdesk_ticket ticket
               SET number = ticket.number || '-' || twin.rank
              FROM (
                SELECT id, row_number() OVER (
                           PARTITION BY number, company_id ORDER BY id
                       ) AS rank
                  FROM helpdesk_ticket
                 WHERE number != '/'
              ) twin
             WHERE twin.id = ticket.id AND twin.rank > 1""")
        )
        if not env.cr.rowcount:
            return


def post_init_hook(env):
    """Revoke the download links that helpdesk_mgmt gave away for internal notes."""
    env.cr.execute(
        SQL("""
        UPDATE ir_attachment file
           SET access_token = NULL
          FROM message_attachment_rel rel
          JOIN mail_message message ON message.id = rel.message_id
          LEFT JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
         WHERE rel.attachment_id = file.id
           AND message.model = 'helpdesk.ticket'
           AND file.access_token IS NOT NULL
           AND (message.is_internal OR subtype.internal
                OR message.subtype_id IS NULL)""")
    )
    env["ir.attachment"].invalidate_model(["access_token"])
