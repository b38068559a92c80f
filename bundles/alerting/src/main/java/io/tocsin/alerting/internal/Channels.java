package io.tocsin.alerting.internal;

import io.tocsin.channel.api.ChannelProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Which kinds of endpoint a channel reaches: what its provider says, and, while that is away, what was last said or is
 * commonly known. Only looks at service properties; nothing here ever calls a channel.
 */
@Component(service = Channels.class)
public final class Channels {
    private static final Set<String> TAKING_REPLIES = Set.of("sms", "mail", "voice");

    private final Map<String, Set<String>> endpointKinds = new ConcurrentHashMap<>(Map.of(
            "sms", Set.of("mobile"),
            "mail", Set.of("email"),
            "voice", Set.of("mobile", "landline"),
            "fax", Set.of("fax")));

    @Reference(
            service = ChannelProvider.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void provider(ServiceReference<ChannelProvider> provider) {
        if (provider.getProperty("channel.type") instanceof String type
                && provider.getProperty("channel.endpoints") instanceof String[] kinds) {
            endpointKinds.put(type, Set.copyOf(List.of(kinds)));
        }
    }

    /** Its kinds stay known: a provider that is being swapped must not change who counts as reachable. */
    void unprovider(ServiceReference<ChannelProvider> provider) {}

    /** Whether anything is known of a channel type. */
    boolean known(String channel) {
        return endpointKinds.containsKey(channel);
    }

    Set<String> endpointKinds(String channel) {
        return endpointKinds.getOrDefault(channel, Set.of());
    }

    Set<String> types() {
        return new TreeSet<>(endpointKinds.keySet());
    }

    /** Whether people can answer on the channel itself: by a reply, or a key pressed. */
    static boolean takesReplies(String channel) {
        return TAKING_REPLIES.contains(channel);
    }
}
