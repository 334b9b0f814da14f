/** What a new scenario begins with: small enough to be read at a glance, whole enough to be run. */
export const SCENARIO_TEMPLATE = `{
  "version": 1,
  "name": "A run reaches its client",
  "description": "What this scenario shows.",
  "ids": {
    "T": "thread_{hex16}",
    "R": "{T}_run_{ms}_{hex8}"
  },
  "clients": {
    "tab": { "user": "u1", "thread": "{T}" }
  },
  "steps": [
    { "do": "connect", "client": "tab" },
    { "do": "register", "run": "{R}", "thread": "{T}" },
    { "do": "run", "run": "{R}", "agent": "triage", "tools": ["search"], "every": "20ms" }
  ],
  "expect": {
    "clients": {
      "tab": { "receives": ["agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"] }
    },
    "receipts": [{ "run": "{R}", "outcome": "delivered", "thread": "{T}" }]
  }
}
`;
