package io.tocsin.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A page from one Asterisk to another, by SendFAX and ReceiveFAX. */
class FaxIT {
    /** Lines at the top that the header of the sender may take, and what noise of the scanner's grid is let pass: none. */
    private static final int HEADER = 60;

    @Test
    void aPageGoesOverT38AndOverG711() throws Exception {
        BufferedImage page = page();
        try (Asterisk receiver = Asterisk.builder()
                        .trunkToItself("callers")
                        .amiUser("tester", "tester-secret")
                        .fax("0199000010", Asterisk.FaxMode.T38)
                        .fax("0199000011", Asterisk.FaxMode.G711)
                        .start();
                Asterisk sender = Asterisk.builder()
                        .trunk("carrier", receiver.sip())
                        .amiUser("tester", "tester-secret")
                        .start();
                Ami sends = Ami.connect(sender);
                Ami receives = Ami.connect(receiver)) {
            FaxPage.write(sender.folder().resolve("fax/page.tif"), page);
            sends.originateFax(
                    "t38", "0199000010", Asterisk.FaxMode.T38, sender.folder().resolve("fax/page.tif"));
            sends.originateFax(
                    "g711", "0199000011", Asterisk.FaxMode.G711, sender.folder().resolve("fax/page.tif"));

            assertSent(sends.userEvent("FaxSent", "Id", "t38"), "T38");
            assertSent(sends.userEvent("FaxSent", "Id", "g711"), "audio");
            for (String mode : new String[] {"T38", "audio"}) {
                Map<String, String> received = receives.userEvent("FaxReceived", "Mode", mode);
                assertThat(received)
                        .containsEntry("Status", "SUCCESS")
                        .containsEntry("Pages", "1")
                        .containsEntry("Remote", "+33199001234");
                assertSame(FaxPage.read(Path.of(received.get("File"))), page);
            }
        }
    }

    private static void assertSent(Map<String, String> sent, String mode) {
        assertThat(sent)
                .containsEntry("Status", "SUCCESS")
                .containsEntry("Pages", "1")
                .containsEntry("Mode", mode)
                .containsEntry("Text", "OK");
    }

    /** The header moves the page down by its own height; below, each dot is as it was. */
    private static void assertSame(BufferedImage received, BufferedImage sent) {
        assertThat(received.getWidth()).isEqualTo(FaxPage.WIDTH);
        int moved = received.getHeight() - sent.getHeight();
        assertThat(moved).isBetween(0, HEADER);
        int different = 0;
        for (int y = HEADER; y < sent.getHeight(); y++) {
            for (int x = 0; x < FaxPage.WIDTH; x++) {
                if ((received.getRGB(x, y + moved) & 0xFFFFFF) != (sent.getRGB(x, y) & 0xFFFFFF)) {
                    different++;
                }
            }
        }
        assertThat(different).as("dots that differ").isZero();
    }

    private static BufferedImage page() {
        BufferedImage page = FaxPage.blank();
        var pen = page.createGraphics();
        pen.setColor(Color.BLACK);
        pen.setStroke(new BasicStroke(6));
        for (int i = 1; i < 12; i++) {
            pen.drawOval(100 * i, 150 * i, 300, 200);
            pen.drawLine(100, 180 * i, 1600, 180 * i + 40);
        }
        pen.dispose();
        return page;
    }
}
