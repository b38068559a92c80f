package io.tocsin.cluster.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A host, as an address, and a port. */
record Endpoint(String host, int port) {

    /** @throws ClusterRefusedException naming the setting, what is wrong and the cure */
    static Endpoint parse(String setting, String text) {
        String written = text.strip();
        int colon = written.lastIndexOf(':');
        String host = colon < 0 ? "" : written.substring(0, colon).replaceAll("^\\[|]$", "");
        int port = port(colon < 0 ? "" : written.substring(colon + 1));
        if (host.isBlank() || port < 1) {
            throw new ClusterRefusedException(setting + ": \"" + written
                    + "\" is no HOST:PORT; write for instance 10.8.0.1:5701, with a port from 1 to 65535");
        }
        return new Endpoint(host, port);
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port > 65_535 ? -1 : port;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** @throws ClusterRefusedException if the name is nobody's just now */
    InetAddress resolve(String setting) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ClusterRefusedException(
                    setting + ": the host " + host + " has no address; write an address, or mend the name service", e);
        }
    }

    /** The same with the host as an address, as members name each other. */
    Endpoint resolved(String setting) {
        return new Endpoint(resolve(setting).getHostAddress(), port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
