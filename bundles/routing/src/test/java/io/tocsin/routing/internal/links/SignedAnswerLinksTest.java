package io.tocsin.routing.internal.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.routing.api.AnswerLinks.Person;
import org.junit.jupiter.api.Test;

class SignedAnswerLinksTest {
    private final SignedAnswerLinks links = new SignedAnswerLinks("a key of the platform".getBytes());

    @Test
    void aTokenNamesOnePersonAndFitsAnSms() {
        for (Person person : new Person[] {
            new Person(1, 1, 1),
            new Person(12_345, 987_654_321L, 1_000_000),
            new Person(2_000_000, 1L << 40, 10_000_000)
        }) {
            String token = links.token(person.tenantId(), person.alertId(), person.recipientNo());
            assertThat(token).hasSizeLessThanOrEqualTo(32).matches("[A-Za-z0-9_-]+");
            assertThat(links.read(token)).contains(person);
        }
    }

    @Test
    void whatIsNotOursIsRefused() {
        String token = links.token(1, 2, 3);
        assertThat(new SignedAnswerLinks("another key".getBytes()).read(token)).isEmpty();
        for (int i = 0; i < token.length() - 1; i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(links.read(token.substring(0, i) + other + token.substring(i + 1)))
                    .as("altered at %d", i)
                    .isEmpty();
        }
        for (String junk : new String[] {"", "x", "!!!!", "a".repeat(33), "é", token + "A"}) {
            assertThat(links.read(junk)).isEmpty();
        }
    }

    @Test
    void numbersBeyondATokenAreRefused() {
        assertThatThrownBy(() -> links.token(Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
