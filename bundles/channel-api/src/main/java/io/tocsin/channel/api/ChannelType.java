package io.tocsin.channel.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Names the channel type a {@link ChannelProvider} component serves, and the kinds of endpoint it can reach.
 *
 * <p>Becomes the service properties {@code channel.type} and {@code channel.endpoints}.
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
}
