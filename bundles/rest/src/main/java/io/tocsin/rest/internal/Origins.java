package io.tocsin.rest.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a request comes from, as the journal records it: the address of whoever connected. Only what a proxy that the
 * operator named says of it in {@code X-Forwarded-For} is believed instead: anybody can write that header.
 */
public final class Origins {
    private static final Logger LOG = LoggerFactory.getLogger(Origins.class);
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
    private static final Pattern LITERAL =
            Pattern.compile(OCTET + "(\\." + OCTET + "){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern WITH_PORT = Pattern.compile("^(?:\\[([^]]*)](?::\\d+)?|([0-9.]+):\\d+)$");

    private final List<Network> trusted = new ArrayList<>();

    private record Network(byte[] address, int bits) {
        boolean holds(InetAddress other) {
            byte[] theirs = other.getAddress();
            if (theirs.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((theirs[bit / 8] & mask) != (address[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @param proxies addresses or networks ({@code 10.0.0.0/8}); one that cannot be read is logged and not trusted */
    public Origins(String... proxies) {
        Arrays.stream(proxies)
                .flatMap(each -> Arrays.stream(each.split(",")))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .forEach(each -> network(each)
                        .ifPresentOrElse(
                                trusted::add,
                                () -> LOG.error(
                                        "door.trusted-proxy-unreadable value={} cure=\"write an address or a network"
                                                + " such as 10.0.0.0/8\"",
                                        each.replaceAll("\\s", "?"))));
    }

    /** The address of the last one on the way that is no proxy of ours. */
    public String of(HttpServletRequest request) {
        List<String> way = new ArrayList<>();
        Collections.list(request.getHeaders("X-Forwarded-For"))
                .forEach(header -> way.addAll(Arrays.asList(header.split(","))));
        String from = request.getRemoteAddr();
        for (int i = way.size() - 1; i >= 0 && trusts(from); i--) {
            Optional<String> before = address(way.get(i).strip()).map(InetAddress::getHostAddress);
            if (before.isEmpty()) {
                break;
            }
            from = before.get();
        }
        return from;
    }

    private boolean trusts(String address) {
        return address(address)
                .filter(a -> trusted.stream().anyMatch(network -> network.holds(a)))
                .isPresent();
    }

    private static Optional<Network> network(String written) {
        String[] parts = written.split("/", 2);
        try {
            int bits = parts.length == 1 ? Integer.MAX_VALUE : Integer.parseInt(parts[1]);
            return address(parts[0])
                    .filter(address -> bits >= 0 && (parts.length == 1 || bits <= address.getAddress().length * 8))
                    .map(address -> new Network(address.getAddress(), Math.min(bits, address.getAddress().length * 8)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Literals only: no name is ever looked up. */
    private static Optional<InetAddress> address(String written) {
        String bare = WITH_PORT.matcher(written).replaceAll("$1$2");
        if (!LITERAL.matcher(bare).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(bare));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
