package io.tocsin.channel.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Names the channel type a {@link ChannelProvider} component serves, and the kinds of endpoint it can reach.
 *
 * <p>Becomes the service properties {@code channel.type}, {@code channel.endpoints}, {@code channel.login},
 * {@code channel.media}, {@code channel.settings} and {@code channel.publishes}. The core reads them and not the provider: what a channel says of itself
 * is known before any of its code runs.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ChannelType {
    String PREFIX_ = "channel.";

    /** The type as scenarios and accounts write it: {@code sms}, {@code mail}, {@code voice}, a partner's own word. */
    String type();

    /** Endpoint kinds this channel can reach: {@code mobile}, {@code landline}, {@code email}, {@code fax}, … */
    String[] endpoints();

    /**
     * The settings that together name an account's login at its carrier, such as {@code {"host", "port=2775",
     * "system-id"}}: a name, or a name and what it is when nobody writes it. Of two enabled accounts of this type in
     * which all of them are the same, capitals aside, the second is refused: what the carrier sends back to a login
     * goes to whoever is connected, and each would take the other's. An account in which one without default is
     * missing has no login to compare. Empty, as when left out: accounts of this type are not compared.
     *
     * @since 1.1
     */
    String[] login() default {};

    /**
     * What the channel carries: {@code text}, {@code html}, {@code audio}, {@code document}. Text, as when left out, needs
     * nothing else: a message always has it.
     *
     * @since 1.2
     */
    String[] media() default {"text"};

    /**
     * The interface that defines the settings of an account, marked {@code @ObjectClassDefinition}: one, as a rule
     * {@code SomeAccount.class}. With it the core refuses an account with a wrong setting when it is saved and before it is
     * opened; without it the channel checks alone, when it opens. See {@link SettingsDefinition}.
     *
     * @since 1.2
     */
    Class<?>[] settings() default {};

    /**
     * Whether the channel publishes: what it accepts is there for anybody, and nobody knows who reads it. It is shown as
     * published, never as delivered, whatever the channel reports later; it satisfies no step of a cascade, and nobody
     * answers on it.
     *
     * @since 1.3
     */
    boolean publishes() default false;
}
