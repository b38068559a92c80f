package io.tocsin.lab.smsc;

import java.util.Locale;

/** How a carrier writes message ids; real ones differ between the response and the receipt. */
public enum IdFormat {
    DECIMAL,
    HEX_LOWER,
    HEX_UPPER;

    public String format(long id) {
        return switch (this) {
            case DECIMAL -> Long.toString(id);
            case HEX_LOWER -> Long.toHexString(id);
            case HEX_UPPER -> Long.toHexString(id).toUpperCase(Locale.ROOT);
        };
    }
}
