from . import cs_clock_wizard
from . import cs_holiday_import
from . import cs_ticket_grade_wizard
from . import cs_ticket_merge_wizard
from . import cs_ticket_split_wizard
from . import ticket_import
