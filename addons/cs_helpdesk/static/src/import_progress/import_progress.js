import { registry } from "@web/core/registry";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";
import { onMounted, onWillUnmount } from "@odoo/owl";

const RUNNING = ["checking", "importing"];
const PERIOD = 2000; // milliseconds

/** A progress bar that asks again while the import is running. */
export class ImportProgressField extends ProgressBarField {
    setup() {
        super.setup();
        let timer = null;
        const refresh = async () => {
            if (RUNNING.includes(this.props.record.data.state)) {
                await this.props.record.load();
            }
            timer = setTimeout(refresh, PERIOD);
        };
        onMounted(() => (timer = setTimeout(refresh, PERIOD)));
        onWillUnmount(() => clearTimeout(timer));
    }
}

registry.category("fields").add("cs_import_progress", {
    ...progressBarField,
    component: ImportProgressField,
});
