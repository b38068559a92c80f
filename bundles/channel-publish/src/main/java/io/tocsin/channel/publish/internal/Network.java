package io.tocsin.channel.publish.internal;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * How near the server an account posts to may be. Whoever writes accounts of a tenant must not reach, by a name that leads
 * there, what only this machine or its site is meant to reach; unless the account says so.
 */
enum Network {
    /** Addresses of the public Internet that are not this machine's own. */
    PUBLIC,
    /** Also private, shared and translated ones (RFC 1918, 4193, 6598, 6052). */
    SITE,
    /** Also this machine's own, loopback and link-local: a cloud's metadata service is there. */
    NODE;

    static Network of(String written) {
        return switch (written) {
            case "node" -> NODE;
            case "site" -> SITE;
            default -> PUBLIC;
        };
    }

    boolean permits(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || isReserved(address)) {
            return false;
        }
        return switch (this) {
            case NODE -> true;
            case SITE -> !isOfThisNode(address);
            case PUBLIC -> !isOfThisNode(address) && !isOfTheSite(address);
        };
    }

    private static boolean isReserved(InetAddress address) {
        int first = address.getAddress()[0] & 0xff;
        return address instanceof Inet4Address && (first == 0 || first >= 240);
    }

    private static boolean isOfThisNode(InetAddress address) {
        if (address.isLoopbackAddress() || address.isLinkLocalAddress()) {
            return true;
        }
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return true;
        }
    }

    private static boolean isOfTheSite(InetAddress address) {
        if (address.isSiteLocalAddress()) {
            return true;
        }
        byte[] b = address.getAddress();
        int high = (b[0] & 0xff) << 8 | b[1] & 0xff;
        int low = (b[2] & 0xff) << 8 | b[3] & 0xff;
        if (address instanceof Inet4Address) {
            return high >= 0x6440 && high <= 0x647f // 100.64.0.0/10
                    || high == 0xc000 && low >>> 8 == 0 // 192.0.0.0/24
                    || high == 0xc612
                    || high == 0xc613; // 198.18.0.0/15
        }
        return high >>> 9 == 0x7e // fc00::/7
                || high == 0x2002 // 6to4 and Teredo: an IPv4 address inside
                || high == 0x2001 && low == 0
                || high == 0x64 && low == 0xff9b // NAT64
                || high == 0 && low == 0; // IPv4-compatible
    }
}
