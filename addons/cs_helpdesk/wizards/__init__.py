from . import cs_holiday_import
