package io.tocsin.phone.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the telephone as a door, PID {@code io.tocsin.phone}. */
@ObjectClassDefinition(id = PhoneSettings.PID, name = "Tocsin: the telephone as a door")
public @interface PhoneSettings {
    String PID = "io.tocsin.phone";

    @AttributeDefinition(
            description = "Numbers, in E.164, whose callers are asked for their ID at once: the activators' lines")
    String[] activatorNumbers() default {};

    @AttributeDefinition(description = "fr or en: spoken to callers of a line whose tenants do not share a language")
    String language() default "fr";

    @AttributeDefinition(description = "Calls taken at the same time; more are declined")
    int mostCalls() default 2000;

    @AttributeDefinition(
            description = "Turns of call-backs worked out at the same time; people of the house have as many more")
    int threads() default 8;

    @AttributeDefinition(
            description =
                    "Numbers that all callers of a line may key in a minute, because theirs is withheld or another")
    int keyedNumbersPerMinute() default 30;
}
