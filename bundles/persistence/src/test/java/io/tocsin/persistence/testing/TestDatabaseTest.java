package io.tocsin.persistence.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestDatabaseTest {
    @Test
    void givesATenantOnAMigratedDatabaseAndLeavesNothing() throws Exception {
        java.nio.file.Path folder;
        try (TestDatabase db = TestDatabase.start()) {
            folder = db.folder();
            int tenant = db.tenant("commune");
            int seen = db.database().inTenant(tenant, connection -> {
                var row = connection.createStatement().executeQuery("select current_tenant()");
                row.next();
                return row.getInt(1);
            });
            assertThat(seen).isEqualTo(tenant);
            db.stop();
            db.restart();
            assertThat(db.database().available()).isTrue();
        }
        assertThat(folder).doesNotExist();
    }
}
