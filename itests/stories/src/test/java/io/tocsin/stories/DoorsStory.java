package io.tocsin.stories;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/**
 * What comes to the HTTP doors that should not, and that each time the answer names what is wrong and the cure. One node for
 * all of them; each door is told in a file of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoorsStory {
    private Doors doors;

    @BeforeAll
    void open() throws Exception {
        doors = Doors.open();
    }

    @AfterAll
    void close() {
        if (doors != null) {
            doors.close();
        }
    }

    @Nested
    class Protocol extends ProtocolDoor {
        Protocol() {
            super(doors);
        }
    }

    @Nested
    class Access extends AccessDoor {
        Access() {
            super(doors);
        }
    }

    @Nested
    class Launch extends LaunchDoor {
        Launch() {
            super(doors);
        }
    }

    @Nested
    class People extends ContactsDoor {
        People() {
            super(doors);
        }
    }

    @Nested
    class Import extends ImportDoor {
        Import() {
            super(doors);
        }
    }

    @Nested
    class Onboarding extends OnboardingDoor {
        Onboarding() {
            super(doors);
        }
    }

    @Nested
    class Operators extends OperatorsDoor {
        Operators() {
            super(doors);
        }
    }

    @Nested
    class Accounts extends AccountsDoor {
        Accounts() {
            super(doors);
        }
    }

    @Nested
    class Caps extends CapsDoor {
        Caps() {
            super(doors);
        }
    }

    @Nested
    class Channels extends ChannelsDoor {
        Channels() {
            super(doors);
        }
    }

    @Nested
    class Documents extends DocumentsDoor {
        Documents() {
            super(doors);
        }
    }

    @Nested
    class Scenarios extends ScenariosDoor {
        Scenarios() {
            super(doors);
        }
    }
}
