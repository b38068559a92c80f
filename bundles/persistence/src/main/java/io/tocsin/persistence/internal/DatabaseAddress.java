package io.tocsin.persistence.internal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where the database is and who may make its schema.
 *
 * @param url {@code jdbc:postgresql://…}, without credentials
 * @param owner the role that owns the schema
 * @param appPassword of {@link #APP}; empty to derive it from the owner's
 * @param enginePassword of {@link #ENGINE}; empty to derive it from the owner's
 */
public record DatabaseAddress(
        String url, String owner, String ownerPassword, Optional<String> appPassword, Optional<String> enginePassword) {
    /** The role of the application: bound to one tenant by row-level security. */
    public static final String APP = "tocsin_app";

    /** The role of the engine: the ledger across tenants. */
    public static final String ENGINE = "tocsin_engine";

    public DatabaseAddress(String url, String owner, String ownerPassword) {
        this(url, owner, ownerPassword, Optional.empty(), Optional.empty());
    }

    /** Every node derives the same password, so an operator has one secret to hand out instead of three. */
    public String password(String role) {
        Optional<String> given =
                switch (role) {
                    case APP -> appPassword;
                    case ENGINE -> enginePassword;
                    default -> Optional.of(ownerPassword);
                };
        return given.orElseGet(() -> derive(role));
    }

    /** How many servers the URL names, of which one is the primary. */
    public int servers() {
        String rest = url.replaceFirst("^jdbc:postgresql:(//)?", "");
        return (int) rest.replaceFirst("[/?].*", "")
                        .chars()
                        .filter(c -> c == ',')
                        .count()
                + 1;
    }

    private String derive(String role) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(ownerPassword.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(role.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** Leaves the passwords out. */
    @Override
    public String toString() {
        return "DatabaseAddress[" + url + ", " + owner + "]";
    }
}
