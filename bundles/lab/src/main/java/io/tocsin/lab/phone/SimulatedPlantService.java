package io.tocsin.lab.phone;

/** The simulated telephone plant that runs in this node. */
public interface SimulatedPlantService {
    SimulatedPlant plant();
}
