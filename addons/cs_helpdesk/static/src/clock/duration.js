import { _t } from "@web/core/l10n/translation";

/**
 * A length of time in words, two units at most.
 *
 * @param {number} seconds
 * @returns {string} "1 h 20 min" in the user's language
 */
export function formatDuration(seconds) {
    const minutes = Math.floor(Math.abs(seconds) / 60);
    const days = Math.floor(minutes / 1440);
    const hours = Math.floor((minutes % 1440) / 60);
    const rest = minutes % 60;
    if (days) {
        return hours
            ? _t("%(days)s d %(hours)s h", { days, hours })
            : _t("%(days)s d", { days });
    }
    if (hours) {
        return rest
            ? _t("%(hours)s h %(minutes)s min", { hours, minutes: rest })
            : _t("%(hours)s h", { hours });
    }
    return _t("%(minutes)s min", { minutes: rest });
}
