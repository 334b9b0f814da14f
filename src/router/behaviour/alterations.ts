import { type Behaviour, type BehaviourSet, BEHAVIOUR_NAMES, FAULT_KINDS, type FaultRule, type Profile, profileOf } from '../../core/index';
import type { ClientEndpoint } from '../client/client-endpoint';
import type { Dispatcher } from '../delivery/dispatcher';
import { FaultInjector } from '../faults/fault-injector';
import type { Membership } from '../model/membership';
import type { RouterModel } from '../model/router-model';
import type { RouterRegistry } from '../registry';
import type { AlteredDelivery } from './altered-delivery';
import { OriginalClients } from './original-clients';

export interface AlterationsParts {
  readonly model: RouterModel;
  readonly membership: Membership;
  readonly registry: RouterRegistry;
  readonly dispatcher: Dispatcher;
  readonly clients: ClientEndpoint;
  readonly delivery: AlteredDelivery;
  readonly clock: () => number;
}

/** Which behaviours of the original and which faults are on: the only place that changes it. With none, nothing is in the way. */
export class Alterations {
  private on: BehaviourSet = new Set();
  private rules: readonly FaultRule[] = [];

  constructor(private readonly parts: AlterationsParts) {}

  /** Names of what is on, in the order of the table. */
  get behaviours(): readonly Behaviour[] {
    return BEHAVIOUR_NAMES.filter((name) => this.on.has(name));
  }

  /** The profile that they are, when they are one. */
  get profile(): Profile | undefined {
    return profileOf(this.on);
  }

  get faults(): readonly FaultRule[] {
    return this.rules;
  }

  /** Puts these behaviours in the place of those before. What they did stays: who left a thread has to join it again. */
  setBehaviours(behaviours: BehaviourSet): void {
    const { model, membership, registry, delivery, clients, clock } = this.parts;
    this.on = new Set(behaviours);
    delivery.clients = this.on.size === 0 ? undefined : new OriginalClients(this.on, model, membership, clock);
    clients.original = delivery.clients;
    registry.runs.staleReverseEntry = this.on.has('staleReverseEntry');
    this.choose();
  }

  /** Puts these faults in the place of those before; what those held back goes out now. */
  setFaults(rules: readonly FaultRule[]): void {
    const { delivery, dispatcher } = this.parts;
    this.rules = [...rules];
    delivery.injector = rules.length === 0 ? undefined : new FaultInjector(rules);
    delivery.releaseAll();
    dispatcher.endTurn();
    this.choose();
  }

  /** Takes what has expired off its threads, so that views show it. */
  sweep(): void {
    this.parts.delivery.clients?.expire();
  }

  /** What is on, in one line for the log; undefined when nothing is. */
  describe(): string | undefined {
    const faults = FAULT_KINDS.filter((kind) => this.rules.some((rule) => rule.kind === kind));
    const parts = [
      ...(this.on.size === 0 ? [] : [`original behaviour is on: ${this.behaviours.join(', ')}`]),
      ...(faults.length === 0 ? [] : [`faults are on: ${faults.join(', ')}`]),
    ];
    return parts.length === 0 ? undefined : parts.join('; ');
  }

  /** The altered way is chosen here, once, not for each event. */
  private choose(): void {
    const { dispatcher, delivery, model } = this.parts;
    dispatcher.altered = this.on.size > 0 || this.rules.length > 0 ? delivery : undefined;
    model.presence++;
    model.changes.routerChanged();
  }
}
