package io.tocsin.lab.smsc.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jsmpp.SMPPConstant;

/** PDUs that no codec would make. */
final class Strange {
    private static final int UNKNOWN_REQUEST = 0x00000777;
    private static final int UNKNOWN_RESPONSE = 0x80000777;
    private static final int MEGABYTE = 1 << 20;

    private Strange() {}

    static byte[] badLength() {
        return header(7, SMPPConstant.CID_SUBMIT_SM_RESP, 0, 1);
    }

    static byte[] notSmpp() {
        return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] unknownRequest(int sequence) {
        return header(16, UNKNOWN_REQUEST, 0, sequence);
    }

    static byte[] unknownResponse(int sequence) {
        return header(16, UNKNOWN_RESPONSE, 0, sequence);
    }

    static byte[] oversized(int sequence) {
        return Arrays.copyOf(header(MEGABYTE, UNKNOWN_REQUEST, 0, sequence), MEGABYTE);
    }

    static byte[] withoutBody(int sequence) {
        return header(16, SMPPConstant.CID_SUBMIT_SM_RESP, 0, sequence);
    }

    /** The same PDU without its last octets; its length says so too. */
    static byte[] cut(byte[] pdu, int octets) {
        byte[] shorter = Arrays.copyOf(pdu, pdu.length - octets);
        ByteBuffer.wrap(shorter).putInt(shorter.length);
        return shorter;
    }

    static byte[] keep(byte[] pdu, int octets) {
        return cut(pdu, pdu.length - octets);
    }

    private static byte[] header(int length, int command, int status, int sequence) {
        return ByteBuffer.allocate(16)
                .putInt(length)
                .putInt(command)
                .putInt(status)
                .putInt(sequence)
                .array();
    }
}
