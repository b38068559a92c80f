package io.tocsin.directory.api;

import io.tocsin.directory.internal.value.AddressCell;
import io.tocsin.directory.internal.value.PhoneCell;

/**
 * Telephone numbers as people write them, read as imports read them. Stateless; any thread.
 *
 * @since 1.2
 */
public final class PhoneNumbers {

    private PhoneNumbers() {}

    /**
     * @param written one number, nationally or internationally
     * @param region ISO 3166 region of a number written nationally, such as {@code FR}
     * @return the number in E.164, with its plus
     * @throws IllegalArgumentException what is wrong with it, beginning with the number; or if there is no such region
     */
    public static String e164(String written, String region) {
        AddressCell read = new PhoneCell(region).read(written, false);
        if (!read.problems().isEmpty()) {
            throw new IllegalArgumentException(read.problems().get(0));
        }
        if (read.addresses().size() != 1) {
            throw new IllegalArgumentException("'" + written + "' is not one number");
        }
        return read.addresses().get(0).address();
    }
}
