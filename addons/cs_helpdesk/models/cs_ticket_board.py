from odoo import api, fields, models
from odoo.exceptions import AccessError


class CsTicketBoard(models.AbstractModel):
    """Where does it burn? The supervisor's live board (003-33)."""

    _name = "cs.ticket.board"
    _description = "Ticket: Live Board"

    @api.model
    def _read_group_board_users(self, users, domain):
        """On the board everybody of the desk has a column, with or without tickets."""
        if not self.env.context.get("cs_live_board"):
            return users
        return users | self._get_board_users()

    @api.model
    def _get_board_users(self):
        teams = self.env["helpdesk.ticket.team"].search([("service_desk", "=", True)])
        return teams.user_ids.filtered("active")

    @api.model
    @api.readonly
    def get_live_board(self):
        """The numbers above the board, in one call.

        :return: dict of agents (id, name, load, capacity, tickets, late, on_shift,
            absent), queues (team, waiting, oldest), late (type, count),
            broken (promises broken today), waiting (return calls)
        :raise AccessError: not a supervisor
        """
        if not self._is_supervisor():
            raise AccessError(self.env._("The live board is for supervisors."))
        return {
            "agents": self._get_board_agents(),
            "queues": self._get_board_queues(),
            "late": self._get_board_late(),
            "broken": self.env["cs.promise"].search_count(
                [("state", "=", "broken"), ("settled_at", ">=", "today")]
            ),
            "callbacks": self.env["cs.callback"].search_count(
                [("state", "=", "waiting")], limit=1000
            ),
        }

    @api.model
    def _get_board_agents(self):
        users = self._get_board_users()
        loads = self.env["cs.route.desk"]._get_loads(users)
        shifts = users._is_on_shift()
        profiles = self.env["cs.agent"]._get_profiles(users, self.env.company)
        late = self._read_group(
            [
                ("user_id", "in", users.ids),
                ("closed", "=", False),
                ("clock_state", "=", "late"),
            ],
            ["user_id"],
            ["__count"],
        )
        late = {user.id: count for user, count in late}
        capacity = {}
        teams = self.env["helpdesk.ticket.team"].search([("service_desk", "=", True)])
        for team in teams:
            for user in team.user_ids:
                most = max(capacity.get(user.id, 0), team.route_capacity)
                capacity[user.id] = most
        rows = []
        for user in users:
            load, by_type, _last = loads.get(user.id, (0.0, {}, 0.0))
            own = user.id in profiles and profiles[user.id].capacity
            rows.append(
                {
                    "id": user.id,
                    "name": user.name,
                    "load": load,
                    "capacity": own or capacity.get(user.id, 0),
                    "tickets": sum(by_type.values()),
                    "late": late.get(user.id, 0),
                    "on_shift": shifts[user.id],
                    "absent": not user._is_present(),
                }
            )
        return sorted(rows, key=lambda r: (not r["on_shift"], -r["late"], r["name"]))

    @api.model
    def _get_board_queues(self):
        """What nobody has yet, a team a row, with the oldest."""
        rows = self._read_group(
            [
                ("user_id", "=", False),
                ("closed", "=", False),
                ("team_id.service_desk", "=", True),
            ],
            ["team_id"],
            ["__count", "received_date:min"],
        )
        now = fields.Datetime.now()
        return [
            {
                "id": team.id,
                "name": team.display_name,
                "waiting": count,
                "oldest": int((now - oldest).total_seconds()) if oldest else 0,
            }
            for team, count, oldest in rows
        ]

    @api.model
    def _get_board_late(self):
        rows = self._read_group(
            [
                ("closed", "=", False),
                ("clock_state", "=", "late"),
                ("team_id.service_desk", "=", True),
            ],
            ["type_id"],
            ["__count"],
        )
        return [
            {"id": kind.id, "name": kind.name or "", "count": count}
            for kind, count in rows
        ]

    def _watched_changed(self, changes):
        """Whoever looks at the board sees a change of hands at once."""
        result = super()._watched_changed(changes)
        if any(not change["created"] for change in changes.values()):
            self.env["cs.route.desk"]._send_board()
        return result
