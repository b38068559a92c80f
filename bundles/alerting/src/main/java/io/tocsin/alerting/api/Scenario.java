package io.tocsin.alerting.api;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tenant prepared for a crisis: who is alerted, how, in which words. Written as YAML in {@code tenants/} and as
 * JSON through the API; both are this record.
 *
 * @param slug stable id in the tenant: {@code [a-z0-9-]{1,64}}
 * @param version 1, 2, … set by the store
 * @param lists slugs of the lists alerted
 * @param cascade steps in order; at least one
 * @param question what is asked, if anything
 * @param variables defaults for variables that contacts may lack, and those the launch must give
 * @param messages language tag → channel → message; every channel of the cascade in at least one language
 * @param fallbackLanguage the language for people whose own is not written
 * @param call how people are called; empty: as usual, {@link CallPolicy#usual}; since 1.3
 */
public record Scenario(
        String slug,
        int version,
        String name,
        Category category,
        List<String> lists,
        List<DispatchPolicy.Step> cascade,
        Optional<Question> question,
        Map<String, String> variables,
        Map<String, Map<String, Message>> messages,
        String fallbackLanguage,
        Optional<CallPolicy> call) {

    /** The channel people are called by. @since 1.3 */
    public static final String VOICE = "voice";

    /** The channel that prints. @since 1.4 */
    public static final String FAX = "fax";

    /** Whoever is called is called as usual. */
    public Scenario(
            String slug,
            int version,
            String name,
            Category category,
            List<String> lists,
            List<DispatchPolicy.Step> cascade,
            Optional<Question> question,
            Map<String, String> variables,
            Map<String, Map<String, Message>> messages,
            String fallbackLanguage) {
        this(
                slug,
                version,
                name,
                category,
                lists,
                cascade,
                question,
                variables,
                messages,
                fallbackLanguage,
                Optional.empty());
    }

    /** @param choices key ({@code "1"}) to meaning, in order */
    public record Question(Map<String, String> choices) {}

    public record Message(Optional<String> subject, String text, Optional<String> html) {}
}
