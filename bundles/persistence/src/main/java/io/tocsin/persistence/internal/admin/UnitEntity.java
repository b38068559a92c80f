package io.tocsin.persistence.internal.admin;

import io.tocsin.persistence.api.AdministrativeModel.Unit;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;

@Entity(name = "Unit")
@Table(name = "unit")
class UnitEntity implements Row<Unit> {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "unit_id")
    int id;

    /** Never changes: a unit does not move to another tenant. */
    @Column(name = "tenant_id", updatable = false)
    int tenantId;

    @Column(name = "parent_id")
    Integer parentId;

    String slug;
    String name;

    static UnitEntity of(Unit unit) {
        UnitEntity row = new UnitEntity();
        row.id = unit.id();
        row.tenantId = unit.tenantId();
        row.parentId = unit.parentId().orElse(null);
        row.slug = unit.slug();
        row.name = unit.name();
        return row;
    }

    @Override
    public Unit read() {
        return new Unit(id, tenantId, Optional.ofNullable(parentId), slug, name);
    }
}
