package io.tocsin.alerting.internal;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.util.Locale;

/** How a category is written. */
public final class CategoryWord {
    private CategoryWord() {}

    /** {@code life-safety}, {@code operational} or {@code information}. */
    public static String of(Category category) {
        return category.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
