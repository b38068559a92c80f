package io.tocsin.persistence.internal.admin;

import io.tocsin.persistence.api.AdministrativeModel.Agency;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

@Entity(name = "Agency")
@Table(name = "agency")
class AgencyEntity implements Row<Agency> {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "agency_id")
    int id;

    String slug;
    String name;
    String state;
    int weight;

    @Version
    int version;

    static AgencyEntity of(Agency agency) {
        AgencyEntity row = new AgencyEntity();
        row.id = agency.id();
        row.slug = agency.slug();
        row.name = agency.name();
        row.state = agency.state();
        row.weight = agency.weight();
        row.version = agency.version();
        return row;
    }

    @Override
    public Agency read() {
        return new Agency(id, slug, name, state, weight, version);
    }
}
