package io.tocsin.routing.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes and reads answer links: {@code <base>/a/<token>}, the token short enough for an SMS (at most 32 URL-safe
 * characters) and authenticated with a key of the platform, so that nobody can answer for another by counting.
 */
@ProviderType
public interface AnswerLinks {

    /** The token of one person in one alert. */
    String token(int tenantId, long alertId, int recipientNo);

    /** Whom a token stands for; empty if it is not ours. Constant time in the forged part. */
    Optional<Person> read(String token);

    record Person(int tenantId, long alertId, int recipientNo) {}
}
