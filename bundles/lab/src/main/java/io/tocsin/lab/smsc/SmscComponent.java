package io.tocsin.lab.smsc;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulated SMSC inside a node of the lab: runs while the configuration {@code io.tocsin.lab.smsc} exists (one, or a
 * factory configuration for each carrier), with the keys of {@link SmscMain}.
 */
@Component(
        service = SimulatedSmscService.class,
        configurationPid = SmscComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
public final class SmscComponent implements SimulatedSmscService {
    static final String PID = "io.tocsin.lab.smsc";
    private static final int DEFAULT_PORT = 2775;
    private static final Logger LOG = LoggerFactory.getLogger(SmscComponent.class);

    private final SimulatedSmsc smsc;

    /**
     * @throws IllegalArgumentException naming the key that is unknown or has a wrong value
     * @throws IOException if the port is taken
     */
    @Activate
    public SmscComponent(Map<String, Object> configuration) throws IOException {
        Map<String, String> given = new TreeMap<>();
        configuration.forEach((key, value) -> {
            // what the container adds has dots or a leading capital; our own keys have neither
            if (key.equals(key.toLowerCase(java.util.Locale.ROOT)) && key.indexOf('.') < 0) {
                given.put(key, String.valueOf(value));
            }
        });
        // a lab that runs for days must not fill the heap with messages; ask for it with record=true
        SmscOptions.Builder options = SmscOptions.builder().port(DEFAULT_PORT).recordMessages(false);
        this.smsc = SimulatedSmsc.start(SmscMain.apply(given, options).build());
        LOG.info("lab-smsc-listening port={}", smsc.port());
    }

    @Override
    public SimulatedSmsc smsc() {
        return smsc;
    }

    @Deactivate
    void stop() {
        smsc.close();
        LOG.info("lab-smsc-closed");
    }
}
