package io.tocsin.routing.internal.links;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.AnswerLinks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Answer tokens: the three numbers as LEB128 and ten bytes of their HMAC-SHA-256, in base64url. 80 bits of
 * authenticator against a guesser who must ask us each time; 14 bytes of numbers at most, so 32 characters at most.
 */
@Component
public final class SignedAnswerLinks implements AnswerLinks {
    private static final int MAC_BYTES = 10;
    private static final int LONGEST_NUMBERS = 14;

    private final Mac prototype;

    @Activate
    public SignedAnswerLinks(@Reference Database database) {
        this(database.asEngine(SignedAnswerLinks::platformKey));
    }

    SignedAnswerLinks(byte[] key) {
        try {
            prototype = Mac.getInstance("HmacSHA256");
            prototype.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
        }
    }

    /** Made once for the whole platform; whoever comes second reads what the first wrote. */
    private static byte[] platformKey(Connection connection) throws SQLException {
        byte[] fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        try (PreparedStatement insert = connection.prepareStatement(
                        "insert into platform_secret (name, value) values ('answer-links', ?) on conflict do nothing");
                PreparedStatement query =
                        connection.prepareStatement("select value from platform_secret where name = 'answer-links'")) {
            insert.setBytes(1, fresh);
            insert.executeUpdate();
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBytes(1);
            }
        }
    }

    @Override
    public String token(int tenantId, long alertId, int recipientNo) {
        ByteArrayOutputStream numbers = new ByteArrayOutputStream(24);
        write(numbers, tenantId);
        write(numbers, alertId);
        write(numbers, recipientNo);
        byte[] body = numbers.toByteArray();
        if (body.length > LONGEST_NUMBERS) {
            throw new IllegalArgumentException("numbers too large for an answer link");
        }
        byte[] token = Arrays.copyOf(body, body.length + MAC_BYTES);
        System.arraycopy(mac(body), 0, token, body.length, MAC_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    @Override
    public Optional<Person> read(String token) {
        if (token.length() > 32) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length < MAC_BYTES + 3) {
            return Optional.empty();
        }
        byte[] body = Arrays.copyOf(bytes, bytes.length - MAC_BYTES);
        byte[] expected = Arrays.copyOf(mac(body), MAC_BYTES);
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(bytes, body.length, bytes.length))) {
            return Optional.empty();
        }
        ByteArrayInputStream numbers = new ByteArrayInputStream(body);
        return Optional.of(new Person((int) readNumber(numbers), readNumber(numbers), (int) readNumber(numbers)));
    }

    private byte[] mac(byte[] body) {
        try {
            return ((Mac) prototype.clone()).doFinal(body);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java's HMAC cannot be cloned", e);
        }
    }

    private static void write(ByteArrayOutputStream out, long number) {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long readNumber(ByteArrayInputStream in) {
        long number = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = in.read();
            if (b < 0) {
                return number;
            }
            number |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                return number;
            }
        }
        return number;
    }
}
