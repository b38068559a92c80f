package io.tocsin.lab.phone;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulated telephone plant inside a node of the lab: runs while the configuration {@code io.tocsin.lab.phone} exists, with
 * the keys of {@code PHONE.md}.
 */
@Component(
        service = SimulatedPlantService.class,
        configurationPid = PlantComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
public final class PlantComponent implements SimulatedPlantService {
    static final String PID = "io.tocsin.lab.phone";
    private static final int ARI_PORT = 8088;
    private static final String AMI_PORT = "5038";
    private static final Logger LOG = LoggerFactory.getLogger(PlantComponent.class);

    private final SimulatedPlant plant;

    /**
     * @throws IllegalArgumentException naming the key that is unknown or has a wrong value
     * @throws IOException if the port is taken
     */
    @Activate
    public PlantComponent(Map<String, Object> configuration) throws IOException {
        Map<String, String> given = new TreeMap<>();
        configuration.forEach((key, value) -> {
            // what the container adds has dots or a leading capital; our own keys have neither
            if (key.equals(key.toLowerCase(Locale.ROOT)) && key.indexOf('.') < 0) {
                given.put(key, String.valueOf(value));
            }
        });
        given.putIfAbsent("ami-port", AMI_PORT);
        // a lab that runs for days must not fill the heap with calls; ask for them with record=true
        this.plant = SimulatedPlant.start(
                PlantSettings.usual(ARI_PORT, false).with(given).options());
        LOG.info(
                "lab-plant-listening ari={} ami={}",
                plant.port(),
                plant.amiPort().orElse(-1));
    }

    @Override
    public SimulatedPlant plant() {
        return plant;
    }

    @Deactivate
    void stop() {
        plant.close();
        LOG.info("lab-plant-closed");
    }
}
