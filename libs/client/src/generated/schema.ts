// Made by "npm run client:generate" from the API's OpenAPI document. Do not edit.

export interface paths {
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether this process answers */
        get: operations["HealthController_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a worker takes jobs, so that a start gets somewhere */
        get: operations["HealthController_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures for Prometheus */
        get: operations["MetricsController_text"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What operators did and tried, page by page */
        get: operations["AuditController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The task is done: its event goes to the machine. Once */
        post: operations["CallbacksController_complete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/{token}/failure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The task has failed: the event that the token was made with goes to the machine. Once */
        post: operations["CallbacksController_fail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/{token}/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The task is alive: the time of its token begins anew */
        post: operations["CallbacksController_heartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many machines there are, by definition, status and state */
        get: operations["ListingController_counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/definitions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All definitions that workers have published */
        get: operations["DefinitionsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/definitions/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A definition, the highest version unless another is asked for */
        get: operations["DefinitionsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/definitions/{name}/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the states of a definition have done in the last minutes: throughput, time of steps, dwell time */
        get: operations["FiguresController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/definitions/{name}/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A definition drawn, or in the format of another tool */
        get: operations["GraphController_graph"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send an event to all machines of a name or with a tag, in the background */
        post: operations["OperationsController_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Failed machines, grouped by definition, state and error */
        get: operations["ListingController_failures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/failures/{group}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retry the machines of a group, a few at first; stops by itself when they fail again */
        post: operations["RedriveController_redrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All holds there are */
        get: operations["HoldsController_list"];
        /** Hold a definition, a version of it, or a state; the same again changes nothing */
        put: operations["HoldsController_hold"];
        post?: never;
        /** Let go what a hold has stopped */
        delete: operations["HoldsController_unhold"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All limits there are, and what is in use */
        get: operations["LimitsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/limits/{kind}/{of}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Limit a tenant or a definition, or all; replaces the limits it had. Workers know within a second */
        put: operations["LimitsController_set"];
        post?: never;
        /** Take limits off; what waited for them goes on */
        delete: operations["LimitsController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Machines, page by page; all conditions that are given must hold */
        get: operations["ListingController_list"];
        put?: never;
        /** Start a machine, once: the same id and payload again gives the existing one */
        post: operations["MachinesController_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A machine as it is now, or as soon as it has ended */
        get: operations["MachineController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel it, and its children that do not outlive it; once cancelled it stays so */
        post: operations["SteeringController_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/children": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Machines that it has started, in order */
        get: operations["MachineController_children"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/context": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the context of a paused or failed machine */
        patch: operations["ContextController_edit"];
        trace?: never;
    };
    "/v1/machines/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send it an event, which waits in its inbox until a state takes it */
        post: operations["EventsController_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why it does not move, or that it does: one reason, one sentence; one that is set aside has one, too */
        get: operations["ExplainController_explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to it, oldest first: one item per attempt and per act of an operator */
        get: operations["MachineController_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events that wait for a state to take them */
        get: operations["EventsController_inbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/inbox/{item}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Drop one of them */
        delete: operations["EventsController_drop"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a machine that is not running to another state */
        post: operations["SteeringController_move"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let the step in hand commit, then rest; timers and events wait */
        post: operations["SteeringController_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a new machine that begins as a recorded step of this one did: state, event, its data, context; tags are copied */
        post: operations["ReplayController_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on; what came due meanwhile is due now */
        post: operations["SteeringController_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try the step of a failed machine again, with all its retries */
        post: operations["SteeringController_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/{id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happens to it, as it happens: server-sent events */
        get: operations["StreamController_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/machines/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start up to 1,000 machines of one definition, with an outcome for each */
        post: operations["MachinesController_startMany"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Operations that run or ended in the last 7 days, newest first */
        get: operations["OperationsController_list"];
        put?: never;
        /** Retry, cancel, pause or resume all machines that match, in the background */
        post: operations["OperationsController_act"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How an operation stands; kept for 7 days after its end */
        get: operations["OperationsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reach no further machines; one that has ended stays as it is */
        post: operations["OperationsController_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All schedules */
        get: operations["SchedulesController_list"];
        put?: never;
        /** Make a schedule, or replace the one of this name; the same one again changes nothing */
        post: operations["SchedulesController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A schedule, and how it stands */
        get: operations["SchedulesController_get"];
        /** The same, with the name in the path */
        put: operations["SchedulesController_put"];
        post?: never;
        /** Remove it; slots that wait are dropped, machines that were started go on */
        delete: operations["SchedulesController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on from now; slots that passed while it was stopped are left out */
        post: operations["SchedulesController_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start nothing more; slots that wait are dropped */
        post: operations["SchedulesController_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start its machine now, whatever its overlap policy, also while it is stopped */
        post: operations["SchedulesController_trigger"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who you are here, and how to sign in */
        get: operations["SessionController_get"];
        put?: never;
        /** Sign in with an API key: the answer sets the cookie of a session */
        post: operations["SessionController_signIn"];
        /** Sign out */
        delete: operations["SessionController_signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** For browsers: leads to the issuer, and from there back to the page */
        get: operations["OidcLoginController_begin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Workers, what they run, and when they were last seen */
        get: operations["WorkersController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Act: {
            /**
             * @description Who does it, for the history
             * @example ada@example.com
             */
            by?: string;
            /** @description And why */
            why?: string;
        };
        ActOnMany: {
            /**
             * @description What is done to each machine that matches. `mode` is for `cancel`
             * @enum {string}
             */
            act: "retry" | "cancel" | "pause" | "resume";
            /**
             * @description Who does it, for the history
             * @example ada@example.com
             */
            by?: string;
            /** @description Whom it is for: all conditions must hold. Only machines that were started before */
            filter: components["schemas"]["OperationFilter"];
            /**
             * @description `graceful`: a running action's signal is aborted, then the definition's onCancel state cleans up · `now`: at once, nothing cleans up
             * @default graceful
             * @enum {string}
             */
            mode?: "graceful" | "now";
            /** @description Names the operation: the same request again is the same operation. A new UUID when left out */
            operationId?: string;
            /** @description And why */
            why?: string;
        };
        Attempt: {
            /** @description Who did it, for what an operator did */
            by?: string;
            /** @description What the step began with; left out where that has not changed since the item before */
            context?: {
                [key: string]: unknown;
            };
            /** @description Instead of `context`: its bytes of JSON, where it has changed and was not kept: over 16 KiB, or no worker keeps any */
            contextBytes?: number;
            /** @description What came with the event; at a step's first attempt */
            data?: Record<string, unknown> | string | number | boolean | unknown[];
            /** @description Instead of `data`, as above */
            dataBytes?: number;
            durationMs: number;
            error: components["schemas"]["AttemptError"] | null;
            /** @example pseudo_init */
            event: string;
            fence: number;
            /** @example pseudo_init */
            from: string;
            /** @description Its place in the history, from 1 */
            number: number;
            /**
             * @description `committed` and `failed` are attempts; the others what an operator, a parent or the deadline did
             * @enum {string}
             */
            outcome: "committed" | "failed" | "cancelling" | "cancelled" | "paused" | "resumed" | "retried" | "edited" | "moved";
            retries: number;
            /** Format: date-time */
            startedAt: string;
            steps: number;
            /** @example reserve */
            to: string;
            why?: string;
            /** @description Name of the worker; empty where none was part of it */
            worker: string;
        };
        AttemptError: {
            /** @example UNKNOWN_EVENT */
            code: string;
            message: string;
            /** @description Up to 4,000 characters */
            stack?: string;
        };
        AuditEntry: {
            /** @example cancel */
            act: string;
            /** @description As it was then */
            after?: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            at: string;
            /**
             * @description As it was just before
             * @example {
             *       "status": "waiting",
             *       "state": "charge",
             *       "revision": "3.0.1"
             *     }
             */
            before?: {
                [key: string]: unknown;
            };
            /**
             * @description Why it was refused or has failed
             * @example STEERING_REFUSED
             */
            code?: string;
            /**
             * @description What was asked: names and reasons, no payloads
             * @example {
             *       "mode": "now",
             *       "why": "twice"
             *     }
             */
            details?: {
                [key: string]: unknown;
            };
            /**
             * @description Its place in the log
             * @example 1764412345678-0
             */
            entry: string;
            /** @description The same for all entries of one act */
            id: string;
            /** @example machine acme.order-17 */
            on: string;
            /**
             * @description `asked`: before anything was done · `done` · `refused`: nothing was changed · `failed`: it may have been done or not. `asked` alone, too: the process died in between
             * @enum {string}
             */
            phase: "asked" | "done" | "refused" | "failed";
            who: components["schemas"]["AuditWho"];
        };
        AuditPage: {
            /** @description May be fewer than asked for, even none, with more to come */
            items: components["schemas"]["AuditEntry"][];
            /** @description `after` of the next page; null at the end of the log as it is now */
            next: string | null;
        };
        AuditWho: {
            /**
             * @description Where the connection came from
             * @example 10.0.0.7
             */
            address?: string;
            /**
             * @description What his key begins with
             * @example stile_a2b3c4d5e6f7
             */
            key?: string;
            /**
             * @description Of the key or the user; `anonymous` where nobody is asked who he is
             * @example ada
             */
            name: string;
            /** @example operator */
            role: string;
            /** @example acme */
            tenant?: string;
            /**
             * @description How that is known: key, token, session, open (nobody was asked), command
             * @example key
             */
            via: string;
        };
        BulkItem: {
            /** @default {} */
            context?: {
                [key: string]: unknown;
            };
            /** @description A new UUID when left out */
            correlationId?: string;
        };
        BulkOutcome: {
            /** @description As it was given; null when a rejected item had none that is a string */
            correlationId: string | null;
            /** @description With `created` and `existing` */
            machine?: components["schemas"]["Machine"];
            /** @enum {string} */
            outcome: "created" | "existing" | "conflict" | "rejected";
            /** @description With `conflict` and `rejected` */
            problem?: components["schemas"]["ProblemDto"];
        };
        BulkResult: {
            /** @description One for each item, in their order */
            items: components["schemas"]["BulkOutcome"][];
        };
        BulkStart: {
            items: components["schemas"]["BulkItem"][];
            /**
             * @description Name of a published definition
             * @example order
             */
            machine: string;
        };
        CallbackReceipt: {
            /** @description The machine that handed the token out */
            correlationId: string;
            /**
             * @description `taken`: the machine goes on with it · `kept`: it waits in the inbox until a state takes it · `ignored`: the state it waits in drops it · `duplicate`: it was there before
             * @enum {string}
             */
            outcome: "taken" | "kept" | "ignored" | "duplicate";
        };
        Caller: {
            /** @description Only machines of these definitions exist for this caller */
            definitions?: string[];
            /**
             * @description What the key begins with
             * @example stile_a2b3c4d5e6f7
             */
            key?: string;
            /** @example ada@example.com */
            name: string;
            /** @enum {string} */
            role: "viewer" | "starter" | "operator" | "admin";
            /** @description Only machines of this tenant exist for this caller */
            tenant?: string;
            /**
             * @description `open`: nobody is asked who they are
             * @enum {string}
             */
            via: "key" | "token" | "session" | "open";
        };
        Cancel: {
            /**
             * @description Who does it, for the history
             * @example ada@example.com
             */
            by?: string;
            /**
             * @description `graceful`: a running action's signal is aborted, then the definition's onCancel state cleans up · `now`: at once, nothing cleans up
             * @default graceful
             * @enum {string}
             */
            mode?: "graceful" | "now";
            /** @description And why */
            why?: string;
        };
        Child: {
            /** @example trip-7.hotel */
            correlationId: string;
            error: components["schemas"]["StepError"] | null;
            group: string;
            /** @description Its place in the group, from 0 */
            index: number;
            /** @example hotel */
            machine: string;
            /**
             * @description `pending`: not started yet · `running`: started, no result yet
             * @enum {string}
             */
            outcome: "pending" | "running" | "completed" | "failed" | "cancelled";
        };
        Children: {
            /** @description In their order */
            items: components["schemas"]["Child"][];
        };
        Deadline: {
            /** @description Counted from the machine's start */
            afterMs: number;
            /** @description Sent to it when it is late; when left out it fails with code DEADLINE */
            event?: string;
        };
        Definition: {
            deadline?: components["schemas"]["Deadline"];
            /**
             * @description Events that wait, at most
             * @default 1000
             */
            inboxLimit?: number;
            /** @description Name of the initial state */
            initial: string;
            maxRetries: number;
            /** @example order */
            name: string;
            /** @description The state that cleans up when it is cancelled gracefully */
            onCancel?: string;
            /** @example machines */
            queue: string;
            /** @description How long a finished machine is kept, ms */
            retentionMs?: number;
            /** @description For states that do not say otherwise */
            retry?: components["schemas"]["RetryPolicy"];
            /** @description By name */
            states: {
                [key: string]: components["schemas"]["State"];
            };
            version: number;
        };
        Definitions: {
            /** @description All versions of all, by name and version */
            items: components["schemas"]["Definition"][];
        };
        DefinitionWithVersions: {
            deadline?: components["schemas"]["Deadline"];
            /**
             * @description Events that wait, at most
             * @default 1000
             */
            inboxLimit?: number;
            /** @description Name of the initial state */
            initial: string;
            maxRetries: number;
            /** @example order */
            name: string;
            /** @description The state that cleans up when it is cancelled gracefully */
            onCancel?: string;
            /** @example machines */
            queue: string;
            /** @description How long a finished machine is kept, ms */
            retentionMs?: number;
            /** @description For states that do not say otherwise */
            retry?: components["schemas"]["RetryPolicy"];
            /** @description By name */
            states: {
                [key: string]: components["schemas"]["State"];
            };
            version: number;
            /** @description All published versions of this name, ascending */
            versions: number[];
        };
        EventReceipt: {
            /**
             * @description `taken`: the machine goes on with it · `kept`: it waits in the inbox until a state takes it · `ignored`: the state it waits in drops it · `duplicate`: it was there before
             * @enum {string}
             */
            outcome: "taken" | "kept" | "ignored" | "duplicate";
        };
        Explanation: {
            /** @description Machines before it in line */
            before?: number;
            /** @description Who stopped it */
            by?: string;
            /** @description Children in that group */
            children?: number;
            childrenEnded?: number;
            /** @example order@2 */
            definition?: string;
            error?: components["schemas"]["StepError"];
            /** @description That its state takes from outside */
            events?: string[];
            fence?: number;
            /** @description Of the children that it waits for */
            group?: string;
            /** @example order/charge */
            hold?: string;
            /** @description Events in its inbox, for a later state */
            inbox?: number;
            /** @description Jobs that wait in that queue */
            jobs?: number;
            /**
             * @description Limits that it waits for
             * @example tenant:acme
             */
            limit?: string;
            maxRetries?: number;
            queue?: string;
            /**
             * @description Exactly one at a time
             * @enum {string}
             */
            reason: "running" | "queued" | "waiting" | "timer" | "delayed" | "retrying" | "paused" | "held" | "children" | "noWorker" | "noDefinition" | "leaseHeld" | "limited" | "quarantined" | "completed" | "failed" | "cancelled";
            /** @description Number of the retry to come, from 1 */
            retry?: number;
            /**
             * Format: date-time
             * @description Since when it is so
             */
            since: string | null;
            /** @description Of how many; not where only a rate limits */
            slots?: number;
            slotsInUse?: number;
            /**
             * @description For people; may change
             * @example retry 3 of 5 in 12 s after "the bank is down"
             */
            text: string;
            /** @description Event of the timer that is due first */
            timer?: string;
            /**
             * Format: date-time
             * @description When that ends by itself
             */
            until: string | null;
            why?: string;
            /** @description Who runs it, or was running it */
            worker?: string;
        };
        FailureGroup: {
            /** @example CARD_DECLINED */
            code: string;
            count: number;
            /** @description Id of one of the machines */
            example: string;
            /**
             * Format: date-time
             * @description Start of the oldest machine in it
             */
            firstAt: string;
            /** @description Names the group, the same at all times */
            group: string;
            /**
             * Format: date-time
             * @description Start of the newest machine in it
             */
            lastAt: string;
            /** @example order */
            machine: string;
            /**
             * @description With placeholders for what differs
             * @example card <id> declined after <n> attempts
             */
            message: string;
            /**
             * @description Whose code failed, or that could not be entered
             * @example charge
             */
            state: string;
            /** @example 1 */
            version: number;
        };
        FailureGroups: {
            /** @description The largest first */
            items: components["schemas"]["FailureGroup"][];
            /**
             * @description Only to callers of a tenant with more machines than are looked at for it: 10,000, by id
             * @enum {boolean}
             */
            partial?: true;
        };
        FieldProblemDto: {
            /**
             * @description Where, as a path
             * @example items[3].correlationId
             */
            field: string;
            /** @example is "a b"; give 1 to 128 characters of A-Z a-z 0-9 _ . - */
            problem: string;
        };
        Figures: {
            /** @description States in which something has happened, by name */
            states: components["schemas"]["StateFigures"][];
            /** @description The time they are of, until now, ms: four to five minutes */
            windowMs: number;
        };
        History: {
            /** @description Oldest first */
            items: components["schemas"]["Attempt"][];
            /** @description Items before these that are kept no more */
            lost: number;
        };
        Hold: {
            by?: string;
            /** @description Machines that it has stopped */
            held: number;
            /** @example order */
            machine: string;
            /** @example order@2/charge */
            name: string;
            /** Format: date-time */
            since: string;
            /** @example charge */
            state?: string;
            version?: number;
            why?: string;
        };
        Holds: {
            items: components["schemas"]["Hold"][];
        };
        Inbox: {
            /** @description Oldest first */
            items: components["schemas"]["InboxItem"][];
        };
        InboxItem: {
            data: (Record<string, unknown> | string | number | boolean | unknown[]) | null;
            /** @example paid */
            event: string;
            id: number;
            /** Format: date-time */
            receivedAt: string;
        };
        Limits: {
            burst?: number;
            by?: string;
            concurrency?: number;
            /** @description Slots in use; null for `*` of tenants and definitions */
            inUse: number | null;
            /** @enum {string} */
            kind: "tenant" | "definition" | "all";
            /** @example tenant:acme */
            name: string;
            /**
             * @description `*` for each that has no limits of its own
             * @example acme
             */
            of: string;
            perSecond?: number;
            /** Format: date-time */
            since: string;
            startsPerSecond?: number;
            /** @description Machines that wait for a slot or for their turn */
            waiting: number | null;
            weight?: number;
            why?: string;
        };
        LimitsList: {
            items: components["schemas"]["Limits"][];
        };
        Live: {
            /** @enum {string} */
            status: "live";
        };
        Machine: {
            /** @description true: it has gone from the store, and comes out of the archive. Left out otherwise */
            archived?: boolean;
            /**
             * @description Asked of a machine that is still running: done when the step in hand ends
             * @enum {string|null}
             */
            asked: "pause" | "cancel" | null;
            /** @description Children it has asked for */
            children: number;
            context: {
                [key: string]: unknown;
            };
            /** @example order-123 */
            correlationId: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            deadlineAt: string | null;
            /** @description Of the last failed attempt */
            error: components["schemas"]["StepError"] | null;
            /** @description To be handled next; the one that led here when it waits or has ended */
            event: string;
            /** @description The last fence token; only ever grows */
            fence: number;
            /** Format: date-time */
            finishedAt: string | null;
            /** @description What the attempt in hand, or the last one, said of itself */
            heartbeat: (Record<string, unknown> | string | number | boolean | unknown[]) | null;
            /**
             * @description The hold it was stopped by
             * @example order@2/charge
             */
            heldBy: string | null;
            /** @description Events that wait in the inbox */
            inbox: number;
            /** @description Who runs it at this moment */
            lease: components["schemas"]["MachineLease"] | null;
            /** @example order */
            machine: string;
            maxRetries: number;
            parent: components["schemas"]["ParentLink"] | null;
            /** @description The recorded step of another machine that it began with */
            replayOf: components["schemas"]["ReplayOrigin"] | null;
            /** @description Failed attempts at the current step */
            retries: number;
            /** @description Changes with every commit and every operator's act; the ETag, and what an edit names in If-Match */
            revision: string;
            /** @description One per start: a machine that is started again under an old id gets another one */
            runId: string;
            /** @example reserve */
            state: string;
            /**
             * @description `waiting`: the `do` of its state returned nothing, so it stays there until an event comes · `delayed`: until its time has come · `paused`: until it is resumed, or its hold is lifted
             * @enum {string}
             */
            status: "queued" | "running" | "waiting" | "delayed" | "paused" | "completed" | "failed" | "cancelled";
            /** @description Steps committed */
            steps: number;
            tags: {
                [key: string]: string;
            };
            /** @description What it waits for by the clock, soonest first */
            timers: components["schemas"]["MachineTimer"][];
            /** @description Why context, error and heartbeat are not shown, where data is encrypted: they are empty then */
            unreadable: components["schemas"]["Unreadable"] | null;
            /** Format: date-time */
            updatedAt: string;
            /** @example 1 */
            version: number;
        };
        MachineCount: {
            count: number;
            /** @example order */
            machine: string;
            /** @example charge */
            state: string;
            /**
             * @description `active`: queued or running. One that runs counts in the state in which it was taken up
             * @enum {string}
             */
            status: "active" | "delayed" | "waiting" | "paused" | "completed" | "failed" | "cancelled";
            /** @example 1 */
            version: number;
        };
        MachineCounts: {
            items: components["schemas"]["MachineCount"][];
            /**
             * @description Only to callers of a tenant with more machines than are looked at for it: 10,000, by id
             * @enum {boolean}
             */
            partial?: true;
        };
        MachineLease: {
            fence: number;
            /**
             * Format: date-time
             * @description When it runs out unless it is renewed
             */
            until: string;
            /** @description Name of the worker */
            worker: string;
        };
        MachinePage: {
            /** @description Newest first; by id where an id prefix is asked for */
            items: components["schemas"]["MachineSummary"][];
            /** @description The `cursor` of the next page. A page may be short, even empty, with more to come: null says that there is none */
            next: string | null;
        };
        MachineSummary: {
            /** @description true: it has gone from the store, and comes out of the archive. Left out otherwise */
            archived?: boolean;
            /** @example order-123 */
            correlationId: string;
            /** Format: date-time */
            createdAt: string;
            /** @description Of the last failed attempt */
            error: components["schemas"]["StepError"] | null;
            /** @description To be handled next; the one that led here when it waits or has ended */
            event: string;
            /** Format: date-time */
            finishedAt: string | null;
            /**
             * @description The hold it was stopped by
             * @example order@2/charge
             */
            heldBy: string | null;
            /** @description Events that wait in the inbox */
            inbox: number;
            /** @example order */
            machine: string;
            maxRetries: number;
            /** @description Failed attempts at the current step */
            retries: number;
            /** @description One per start: a machine that is started again under an old id gets another one */
            runId: string;
            /** @example reserve */
            state: string;
            /**
             * @description `waiting`: the `do` of its state returned nothing, so it stays there until an event comes · `delayed`: until its time has come · `paused`: until it is resumed, or its hold is lifted
             * @enum {string}
             */
            status: "queued" | "running" | "waiting" | "delayed" | "paused" | "completed" | "failed" | "cancelled";
            /** @description Steps committed */
            steps: number;
            tags: {
                [key: string]: string;
            };
            /** Format: date-time */
            updatedAt: string;
            /** @example 1 */
            version: number;
        };
        MachineTimer: {
            /** Format: date-time */
            at: string;
            event: string;
        };
        Move: {
            /**
             * @description Who does it, for the history
             * @example ada@example.com
             */
            by?: string;
            /**
             * @description Where to; its actions run
             * @example charge
             */
            state: string;
            /** @description And why */
            why?: string;
        };
        Operation: {
            /** @enum {string} */
            act: "send" | "retry" | "cancel" | "pause" | "resume" | "redrive";
            by: string;
            /** @description Of a send: machines that have the event */
            delivered: number;
            /** @description Machines that took it; of a send: that have the event */
            done: number;
            /**
             * @description Of a send
             * @example remind
             */
            event: string | null;
            /** @description Of a redrive: machines whose step failed again while their wave was watched */
            failedAgain: number;
            /** @description Whom it is for. Of a send `machine` or `tag`, of a redrive `failure` */
            filter: components["schemas"]["OperationFilter"];
            /** Format: date-time */
            finishedAt: string | null;
            /** @description Machines that were removed; of a send: or had ended */
            gone: number;
            id: string;
            /** @description Of a send: machines whose state drops this event */
            ignored: number;
            /** @description Of those, machines in whose inbox it waited for a later state */
            kept: number;
            /** @description That of the filter */
            machine: string | null;
            /** @description Machines done with so far: done, ignored, refused and gone together */
            matched: number;
            /**
             * @description Of a cancel
             * @enum {string|null}
             */
            mode: "graceful" | "now" | null;
            /**
             * @description Of the refused ones, how many by code
             * @example {
             *       "STEERING_REFUSED": 2
             *     }
             */
            reasons: {
                [key: string]: number;
            };
            /** @description Machines that do not take it */
            refused: number;
            /** Format: date-time */
            startedAt: string;
            /** @enum {string} */
            status: "running" | "done" | "stopped";
            /**
             * @description Null where it was not stopped. `they fail again`: more than half of a wave of a redrive
             * @enum {string|null}
             */
            stoppedBecause: "asked" | "they fail again" | null;
            /** @description That of the filter */
            tag: components["schemas"]["Tag"] | null;
            /** @description How many matched when it was started, where counts tell: an estimate. Null where they do not */
            total: number | null;
            why: string;
        };
        OperationFilter: {
            /**
             * @description All machines there are: instead of conditions, of which there is at least one
             * @enum {boolean}
             */
            all?: true;
            /** @description Id of a group of failures */
            failure?: string;
            /**
             * Format: date-time
             * @description Started then or later; with its offset from UTC
             */
            from?: string;
            /**
             * @description How the correlation id begins
             * @example o-
             */
            idPrefix?: string;
            /**
             * @description Name of a published machine
             * @example order
             */
            machine?: string;
            /** @description Only shown: the definitions that its caller is held to */
            readonly machines?: string[];
            /**
             * @description Name of a state
             * @example charge
             */
            state?: string;
            /**
             * @description One of these
             * @example [
             *       "failed"
             *     ]
             */
            status?: ("queued" | "running" | "waiting" | "delayed" | "paused" | "completed" | "failed" | "cancelled")[];
            tag?: components["schemas"]["Tag"];
            /**
             * Format: date-time
             * @description Started before then; with its offset from UTC
             */
            to?: string;
            /** @description Of `machine` */
            version?: number;
        };
        Operations: {
            /** @description At most 100 */
            items: components["schemas"]["Operation"][];
        };
        OperationStarted: {
            operationId: string;
        };
        ParentLink: {
            /** @example trip-7 */
            correlationId: string;
            /** @description Its generation: 1 for a child of a machine that has no parent */
            depth?: number;
            group: string;
            /** @description Its place in the group, from 0 */
            index: number;
            runId: string;
        };
        ProblemDto: {
            /**
             * @description Stable: match on this
             * @enum {string}
             */
            code: "MALFORMED_REQUEST" | "VALIDATION_FAILED" | "UNAUTHENTICATED" | "FORBIDDEN" | "OUTSIDE_SCOPE" | "ORIGIN_REFUSED" | "ROUTE_NOT_FOUND" | "MACHINE_NOT_FOUND" | "DEFINITION_NOT_FOUND" | "INBOX_ITEM_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "OPERATION_NOT_FOUND" | "FAILURE_GROUP_NOT_FOUND" | "LIMIT_NOT_FOUND" | "HOLD_NOT_FOUND" | "CORRELATION_ID_TAKEN" | "SIGN_IN_UNAVAILABLE" | "OPERATION_ID_TAKEN" | "MACHINE_QUARANTINED" | "DATA_DAMAGED" | "MACHINE_ENDED" | "EVENT_REJECTED" | "STEERING_REFUSED" | "REVISION_CHANGED" | "STEP_NOT_RECORDED" | "CALLBACK_GONE" | "DATA_DESTROYED" | "CONTENT_TOO_LARGE" | "EVENT_TOO_LARGE" | "CONTEXT_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "UNKNOWN_MACHINE" | "UNKNOWN_VERSION" | "INVALID_START" | "CONTEXT_NOT_JSON" | "UNDECLARED_EVENT" | "INVALID_EVENT" | "INVALID_ACT" | "RESULT_UNUSABLE" | "FORMAT_UNUSABLE" | "PRECONDITION_REQUIRED" | "INBOX_FULL" | "TOO_MANY_STARTS" | "MEMORY_SHORT" | "TOO_MANY_STREAMS" | "REQUEST_REFUSED" | "INTERNAL" | "ISSUER_UNAVAILABLE" | "NOT_READY" | "PAGE_NOT_BUILT" | "KEY_MISSING" | "STORE_UNAVAILABLE" | "STORE_UNFIT";
            /** @description What is wrong with this request, and the way out */
            detail: string;
            /** @description With VALIDATION_FAILED, INVALID_START, INVALID_EVENT and INVALID_ACT: the fields at fault, one entry each */
            errors?: components["schemas"]["FieldProblemDto"][];
            /**
             * @description The path that was asked
             * @example /v1/machines
             */
            instance: string;
            /** @description With UNDECLARED_EVENT: the events that the machine has */
            legal?: string[];
            /**
             * @description The HTTP status
             * @example 400
             */
            status: number;
            title: string;
            /**
             * @description A name of this kind of problem
             * @example urn:stile:problem:validation-failed
             */
            type: string;
        };
        PutHold: {
            /**
             * @description Who does it, for the history
             * @example ada@example.com
             */
            by?: string;
            /**
             * @description Name of a published definition
             * @example order
             */
            machine: string;
            /**
             * @description Only machines about to enter this state
             * @example charge
             */
            state?: string;
            /** @description All versions when left out */
            version?: number;
            /** @description And why */
            why?: string;
        };
        PutLimits: {
            /** @description Machines taken up at once after a pause; `perSecond`, rounded up, when left out */
            burst?: number;
            /**
             * @description Who does it, for the history
             * @example ada@example.com
             */
            by?: string;
            /** @description Machines that run at the same time */
            concurrency?: number;
            /** @description Machines taken up each second */
            perSecond?: number;
            /** @description Starts from outside each second */
            startsPerSecond?: number;
            /** @description Turns that it gets to one of each other where several wait for the same slots; 1 when left out */
            weight?: number;
            /** @description And why */
            why?: string;
        };
        PutSchedule: {
            /**
             * @description After an outage, slots missed within this time are started in order; the latest one is started in any case, however late
             * @default 0
             * @example 1h
             */
            catchUp?: string | number;
            /**
             * @description What each machine starts with
             * @default {}
             */
            context?: {
                [key: string]: unknown;
            };
            /**
             * @description Five fields, six with seconds first, or `@daily` and the like
             * @example 30 2 * * *
             */
            cron?: string;
            /**
             * Format: date-time
             * @description No slot is after it
             */
            endAt?: string;
            /**
             * @description Instead of `cron`: 1 s to 366 days
             * @example 5m
             */
            every?: string | number;
            /**
             * @description Name of a published definition
             * @example report
             */
            machine: string;
            /** @example nightly */
            name: string;
            /**
             * @description What becomes of a slot while the machine of the slot before is live. `skip`: left out, and counted · `queue`: it waits, behind up to 1,000 others · `allow`: started beside it
             * @default skip
             * @enum {string}
             */
            overlap?: "skip" | "queue" | "allow";
            /**
             * Format: date-time
             * @description No slot is before it
             */
            startAt?: string;
            /**
             * @description Of each machine, besides `schedule`, which is the name of the schedule
             * @default {}
             */
            tags?: {
                [key: string]: string;
            };
            /**
             * @description An IANA name, for `cron`
             * @default UTC
             * @example Europe/Berlin
             */
            timeZone?: string;
            /** @description The highest published when a slot is started, when left out */
            version?: number;
        };
        Ready: {
            /** @description These workers; none where callers have to say who they are: GET /v1/workers shows them */
            seen: components["schemas"]["Worker"][];
            /** @enum {string} */
            status: "ready";
            /** @description Workers seen in the last 10 seconds */
            workers: number;
        };
        Redrive: {
            /**
             * @description Who does it, for the history
             * @example ada@example.com
             */
            by?: string;
            /**
             * @description Machines to retry
             * @default all
             */
            count?: number | "all";
            /** @description Names the operation: the same request again is the same operation. A new UUID when left out */
            operationId?: string;
            /** @description And why */
            why?: string;
        };
        Replay: {
            /**
             * @description Who does it, for the history
             * @example ada@example.com
             */
            by?: string;
            /** @description Names the new machine. A new UUID when left out */
            correlationId?: string;
            /**
             * @description Number of the step to begin with: `steps` of its history item
             * @default 0
             */
            step?: number;
            /** @description And why */
            why?: string;
        };
        ReplayOrigin: {
            by?: string;
            /** @example order-123 */
            correlationId: string;
            runId: string;
            step: number;
            why?: string;
        };
        RetryPolicy: {
            /** @default 1000 */
            baseMs?: number;
            /** @default 60000 */
            capMs?: number;
            /** @default 2 */
            factor?: number;
            /**
             * @default full
             * @enum {string}
             */
            jitter?: "full" | "none";
            maxRetries?: number;
            /** @description Codes of errors worth another attempt; all when left out */
            retryable?: string[];
        };
        Schedule: {
            catchUpMs: number;
            context: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            createdAt: string;
            /** @example 30 2 * * * */
            cron: string | null;
            /** Format: date-time */
            endAt: string | null;
            /** @description Why, for the last of them */
            error: components["schemas"]["SlotError"] | null;
            everyMs: number | null;
            /** @description Slots whose machine could not be started */
            failed: number;
            /**
             * @description Its machine
             * @example nightly.20261124T013000Z
             */
            lastCorrelationId: string | null;
            /**
             * Format: date-time
             * @description The slot started last
             */
            lastSlot: string | null;
            /** @example report */
            machine: string;
            /** @description Slots that an outage took, or that waited when it was stopped */
            missed: number;
            /** @example nightly */
            name: string;
            /**
             * Format: date-time
             * @description The next slot; null while it is stopped
             */
            nextAt: string | null;
            /** @enum {string} */
            overlap: "skip" | "queue" | "allow";
            /** @description Slots left out by the overlap policy */
            skipped: number;
            /** Format: date-time */
            startAt: string | null;
            /** @description Slots whose machine was started */
            started: number;
            stopped: boolean;
            tags: {
                [key: string]: string;
            };
            /** @example Europe/Berlin */
            timeZone: string | null;
            /** @description Why the context is not shown, where data is encrypted */
            unreadable: components["schemas"]["Unreadable"] | null;
            /** Format: date-time */
            updatedAt: string;
            version: number | null;
            /** @description Slots that are due and not started yet */
            waiting: number;
        };
        ScheduleFields: {
            /**
             * @description After an outage, slots missed within this time are started in order; the latest one is started in any case, however late
             * @default 0
             * @example 1h
             */
            catchUp?: string | number;
            /**
             * @description What each machine starts with
             * @default {}
             */
            context?: {
                [key: string]: unknown;
            };
            /**
             * @description Five fields, six with seconds first, or `@daily` and the like
             * @example 30 2 * * *
             */
            cron?: string;
            /**
             * Format: date-time
             * @description No slot is after it
             */
            endAt?: string;
            /**
             * @description Instead of `cron`: 1 s to 366 days
             * @example 5m
             */
            every?: string | number;
            /**
             * @description Name of a published definition
             * @example report
             */
            machine: string;
            /**
             * @description What becomes of a slot while the machine of the slot before is live. `skip`: left out, and counted · `queue`: it waits, behind up to 1,000 others · `allow`: started beside it
             * @default skip
             * @enum {string}
             */
            overlap?: "skip" | "queue" | "allow";
            /**
             * Format: date-time
             * @description No slot is before it
             */
            startAt?: string;
            /**
             * @description Of each machine, besides `schedule`, which is the name of the schedule
             * @default {}
             */
            tags?: {
                [key: string]: string;
            };
            /**
             * @description An IANA name, for `cron`
             * @default UTC
             * @example Europe/Berlin
             */
            timeZone?: string;
            /** @description The highest published when a slot is started, when left out */
            version?: number;
        };
        Schedules: {
            /** @description By name */
            items: components["schemas"]["Schedule"][];
        };
        SendEvent: {
            /** @description Any JSON, up to 256 KB; actions find it in step.event.data */
            data?: Record<string, unknown> | string | number | boolean | unknown[];
            /**
             * @description The sender's own name of the event: the same one twice is one event
             * @example payment-817
             */
            dedupeId?: string;
            /**
             * @description One that a state of the machine has
             * @example paid
             */
            event: string;
        };
        SendToMany: {
            /** @description Who does it */
            by?: string;
            /** @description Any JSON, up to 256 KB */
            data?: Record<string, unknown> | string | number | boolean | unknown[];
            /**
             * @description One that a state of the machines has
             * @example remind
             */
            event: string;
            /**
             * @description To all machines of this name. Either this or `tag`
             * @example order
             */
            machine?: string;
            /** @description Names the operation: the same request again is the same operation. A new UUID when left out */
            operationId?: string;
            /** @description To all machines with this tag */
            tag?: components["schemas"]["Tag"];
        };
        ServedDefinition: {
            /** @example order */
            name: string;
            /** @example 2 */
            version: number;
        };
        Session: {
            /** @description Null for nobody */
            caller: components["schemas"]["Caller"] | null;
            /** @description How a person can sign in */
            signIn: components["schemas"]["WaysIn"];
        };
        SignIn: {
            /**
             * @description An API key
             * @example stile_…
             */
            key: string;
        };
        SlotError: {
            /** @example UNKNOWN_MACHINE */
            code: string;
            message: string;
            /** Format: date-time */
            slot: string;
        };
        StartMachine: {
            /**
             * @description The data it starts with, up to 256 KB
             * @default {}
             */
            context?: {
                [key: string]: unknown;
            };
            /**
             * @description Names the machine. A new UUID when left out
             * @example order-123
             */
            correlationId?: string;
            /**
             * @description Wait before the first step, ms
             * @default 0
             */
            delayMs?: number;
            /** @description See `state` */
            event?: string;
            /**
             * @description Name of a published definition
             * @example order
             */
            machine: string;
            /** @description The definition's when left out */
            maxRetries?: number;
            /**
             * Format: date-time
             * @description Wait until then, ISO 8601 with its offset from UTC; a time that is past is now. Instead of `delayMs`
             * @example 2026-12-24T18:00:00+01:00
             */
            startAt?: string;
            /** @description Start as if it were in this state and `event` had come; both or neither */
            state?: string;
            /**
             * @description Kept with the machine and shown; not given to actions
             * @default {}
             */
            tags?: {
                [key: string]: string;
            };
            /** @description The highest published one when left out */
            version?: number;
        };
        State: {
            /** @description Events that come by themselves, soonest first */
            after?: components["schemas"]["Timer"][];
            /** @description Its result is the next event; without one the machine waits */
            doAction?: string;
            entryAction?: string;
            /** @description What becomes of events without a transition, by event; `defer` for those not named */
            events?: {
                [key: string]: "defer" | "ignore" | "reject";
            };
            exitAction?: string;
            final: boolean;
            name: string;
            /** @description Event that the last failed attempt turns into */
            onExhausted?: string;
            retry?: components["schemas"]["RetryPolicy"];
            /** @description Time of one attempt, ms */
            timeoutMs?: number;
            /** @description By event */
            transitions: {
                [key: string]: components["schemas"]["Transition"];
            };
        };
        StateFigures: {
            /** @description Median of how long machines were in it that have left it, ms; null where none has */
            dwellP50Ms: number | null;
            /** @description A twentieth was in it longer */
            dwellP95Ms: number | null;
            /** @description Median time of their actions, ms; null where there were none */
            p50Ms: number | null;
            /** @description A twentieth took longer */
            p95Ms: number | null;
            /** @description Committed steps that led to it */
            perMinute: number;
            state: string;
        };
        StepError: {
            /** @example UNKNOWN_EVENT */
            code: string;
            message: string;
        };
        Tag: {
            /** @example shop */
            key: string;
            /** @example berlin */
            value: string;
        };
        TaskAlive: {
            /** @description The machine that handed the token out */
            correlationId: string;
            /**
             * Format: date-time
             * @description Until when the token can be used now
             */
            expiresAt: string;
        };
        TaskFailure: {
            /** @example CARD_DECLINED */
            code: string;
            message: string;
        };
        TaskHeartbeat: {
            /** @description How far the task is: any JSON, up to 64 KB; the machine shows it as `heartbeat` */
            details?: Record<string, unknown> | string | number | boolean | unknown[];
        };
        Timer: {
            /** @description Counted from the commit that rests in the state */
            afterMs: number;
            event: string;
        };
        Transition: {
            /** @description Name of the action run between exit and entry */
            action?: string;
            event: string;
            /**
             * @description The state is not left: only the action runs, timers go on
             * @default false
             */
            internal?: boolean;
            /** @description Chained inside the same step */
            local: boolean;
            target: string;
        };
        Triggered: {
            /** @description Of the machine that was started */
            correlationId: string;
        };
        Unreadable: {
            /** @enum {string} */
            code: "KEY_MISSING" | "DATA_DESTROYED" | "DATA_DAMAGED";
            message: string;
        };
        WaysIn: {
            /** @description With an API key */
            key: boolean;
            /** @description With the issuer of tokens: /v1/session/oidc */
            oidc: boolean;
        };
        Worker: {
            /** @description Machines it runs at this moment */
            active: number;
            /** @description How long ago it was last seen, ms */
            lastSeenMs: number;
            name: string;
            /**
             * @description Queues it takes jobs from
             * @example [
             *       "machines"
             *     ]
             */
            queues: string[];
        };
        Workers: {
            /** @description By name; those not seen for a minute are forgotten */
            items: components["schemas"]["WorkerSeen"][];
        };
        WorkerSeen: {
            /** @description Machines it runs at this moment */
            active: number;
            /** @description Machines it runs at the same time at most, per queue and partition */
            concurrency: number | null;
            /** @description What it runs */
            definitions: components["schemas"]["ServedDefinition"][];
            /** @description Null, as pid, startedAt and concurrency, where an older worker does not say */
            host: string | null;
            /** @description The longest time that its event loop stood still in the last 30 s, ms */
            lagMs: number;
            /** @description How long ago it last took a job, ms; null when it never has */
            lastJobMs: number | null;
            /** @description How long ago it was last seen, ms; it says every 2 s that it is there */
            lastSeenMs: number;
            /** @example host-7.4711 */
            name: string;
            /** @description Partitions it serves; null where an older worker does not say: all */
            partitions: number[] | null;
            pid: number | null;
            /**
             * @description Queues it takes jobs from
             * @example [
             *       "machines"
             *     ]
             */
            queues: string[];
            /** Format: date-time */
            startedAt: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    HealthController_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Live"];
                };
            };
        };
    };
    HealthController_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            /** @description `NOT_READY` Not ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    MetricsController_text: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus' text format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    AuditController_list: {
        parameters: {
            query?: {
                /** @description Only this act */
                act?: string;
                /** @description `next` of the page before, or `entry` of any entry: the page begins behind it */
                after?: string;
                /** @description Only what this caller did */
                by?: string;
                /** @description Which entries come first */
                first?: "oldest" | "newest";
                /** @description Written then or later, ISO 8601 with its offset */
                from?: string;
                /** @description Entries at most, 1 to 1000 */
                limit?: string;
                /** @description Only what was done to this */
                on?: string;
                /** @description Written before then */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    CallbacksController_complete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As `step.callback` gave it */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendEvent"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackReceipt"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_ENDED` The machine has ended · `EVENT_REJECTED` The state refuses this event · `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `DATA_DESTROYED` The key of the data was destroyed */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `EVENT_TOO_LARGE` The data of the event is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNDECLARED_EVENT` No state of the machine has this event · `INVALID_EVENT` The event cannot be used · `RESULT_UNUSABLE` The data cannot be stored */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INBOX_FULL` As many events wait as the machine keeps */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `KEY_MISSING` The key of the data is missing here */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    CallbacksController_fail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As `step.callback` gave it */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskFailure"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackReceipt"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_ENDED` The machine has ended · `EVENT_REJECTED` The state refuses this event · `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `DATA_DESTROYED` The key of the data was destroyed */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNDECLARED_EVENT` No state of the machine has this event */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INBOX_FULL` As many events wait as the machine keeps */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `KEY_MISSING` The key of the data is missing here */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    CallbacksController_heartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As `step.callback` gave it */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TaskHeartbeat"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAlive"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CALLBACK_GONE` The callback token cannot be used, or no longer */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `RESULT_UNUSABLE` The data cannot be stored */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ListingController_counts: {
        parameters: {
            query?: {
                /** @description Name of the definition */
                machine?: string;
                /** @description Of `machine` */
                version?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MachineCounts"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    DefinitionsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Definitions"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    DefinitionsController_get: {
        parameters: {
            query?: {
                /** @description The highest one when left out */
                version?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionWithVersions"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `DEFINITION_NOT_FOUND` There is no such definition */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    FiguresController_get: {
        parameters: {
            query?: {
                /** @description The highest one when left out */
                version?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Figures"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `DEFINITION_NOT_FOUND` There is no such definition */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GraphController_graph: {
        parameters: {
            query?: {
                format?: "svg" | "dot" | "mermaid" | "asl" | "xstate" | "json";
                /** @description The highest one when left out */
                version?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ETag changes with the definition; If-None-Match is answered with 304 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                    "image/svg+xml": string;
                    "text/plain": string;
                    "text/vnd.graphviz": string;
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `DEFINITION_NOT_FOUND` There is no such definition */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `FORMAT_UNUSABLE` The definition cannot be had in this format */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    OperationsController_send: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendToMany"];
            };
        };
        responses: {
            /** @description Stored; workers do it */
            202: {
                headers: {
                    /** @description Path of the operation */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationStarted"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `OPERATION_ID_TAKEN` The id is taken by another operation */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /**
             * @description `EVENT_TOO_LARGE` The data of the event is too large
             *
             *     `CONTENT_TOO_LARGE` The body is too large
             */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNKNOWN_MACHINE` No worker has published this machine · `UNDECLARED_EVENT` No state of the machine has this event */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ListingController_failures: {
        parameters: {
            query?: {
                /** @description Name of the definition */
                machine?: string;
                /** @description Of `machine` */
                version?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailureGroups"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RedriveController_redrive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Redrive"];
            };
        };
        responses: {
            /** @description Stored; workers do it */
            202: {
                headers: {
                    /** @description Path of the operation */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationStarted"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `FAILURE_GROUP_NOT_FOUND` There is no such group of failures */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `OPERATION_ID_TAKEN` The id is taken by another operation */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    HoldsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Holds"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    HoldsController_hold: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutHold"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNKNOWN_MACHINE` No worker has published this machine · `UNKNOWN_VERSION` No worker has published this version · `INVALID_ACT` The act cannot be done as asked */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    HoldsController_unhold: {
        parameters: {
            query: {
                machine: string;
                /** @description As it was given with the hold */
                state?: string;
                /** @description As it was given with the hold */
                version?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lifted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `HOLD_NOT_FOUND` There is no such hold */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    LimitsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsList"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    LimitsController_set: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: "tenant" | "definition" | "all";
                /** @description Name of the tenant or definition; `*` for each without limits of its own, and for `all` */
                of: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutLimits"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Limits"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INVALID_ACT` The act cannot be done as asked */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    LimitsController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: "tenant" | "definition" | "all";
                /** @description Name of the tenant or definition; `*` for each without limits of its own, and for `all` */
                of: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken off */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `LIMIT_NOT_FOUND` There are no such limits */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INVALID_ACT` The act cannot be done as asked */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ListingController_list: {
        parameters: {
            query?: {
                /** @description Instead of the machines that are kept: those that have gone into the archive */
                archived?: "true" | "false";
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Id of a group of failures, see /v1/failures */
                failure?: string;
                /** @description Started then or later, ISO 8601 with its offset */
                from?: string;
                /** @description What the id begins with; the list is by id then */
                idPrefix?: string;
                /** @description Machines at most, 1 to 200 */
                limit?: string;
                /** @description Name of the definition */
                machine?: string;
                state?: string;
                /** @description One or several of queued, running, waiting, delayed, paused, completed, failed, cancelled */
                status?: string;
                /** @description Name of a tag, a colon and its value */
                tag?: string;
                /** @description Started before then */
                to?: string;
                /** @description Of `machine` */
                version?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MachinePage"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    MachinesController_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartMachine"];
            };
        };
        responses: {
            /** @description The same start was there before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Machine"];
                };
            };
            /** @description Started */
            201: {
                headers: {
                    /** @description Path of the machine */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Machine"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `OUTSIDE_SCOPE` This is outside of what the caller is held to */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CORRELATION_ID_TAKEN` The id is taken by a start with another payload · `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `DATA_DESTROYED` The key of the data was destroyed */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /**
             * @description `CONTEXT_TOO_LARGE` The context is too large
             *
             *     `CONTENT_TOO_LARGE` The body is too large
             */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNKNOWN_MACHINE` No worker has published this machine · `UNKNOWN_VERSION` No worker has published this version · `INVALID_START` The definition does not allow this start · `CONTEXT_NOT_JSON` The context cannot be stored */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `TOO_MANY_STARTS` More starts than may be made in a second · `MEMORY_SHORT` Nothing new is started while the memory of the store is short */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /**
             * @description `STORE_UNAVAILABLE` The store cannot be reached
             *
             *     `KEY_MISSING` The key of the data is missing here
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    MachineController_get: {
        parameters: {
            query?: {
                /** @description Answer when the machine has ended, or after this time: a duration such as 30s or 1m, or ms; at most 60 s */
                wait?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Its revision, quoted */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Machine"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SteeringController_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Cancel"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STEERING_REFUSED` The machine's status does not allow this · `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INVALID_ACT` The act cannot be done as asked */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    MachineController_children: {
        parameters: {
            query?: {
                /** @description Place of the first one, over all that are asked for */
                from?: string;
                /** @description Those of one group only */
                group?: string;
                /** @description Children at most, 1 to 1000 */
                limit?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Children"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ContextController_edit: {
        parameters: {
            query?: {
                /** @description Who does it, for the history */
                by?: string;
                /** @description And why */
                why?: string;
            };
            header: {
                /** @description The ETag that the machine was read with: when it has changed since, nothing is done */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description JSON merge patch (RFC 7396): null removes a key */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The machine as it is then */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Machine"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /**
             * @description `REVISION_CHANGED` The machine has changed since it was read · `STEERING_REFUSED` The machine's status does not allow this · `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read
             *
             *     `DATA_DAMAGED` Encrypted data is not what was stored
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `DATA_DESTROYED` The key of the data was destroyed */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large · `CONTEXT_TOO_LARGE` The context is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INVALID_ACT` The act cannot be done as asked · `CONTEXT_NOT_JSON` The context cannot be stored */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `PRECONDITION_REQUIRED` The revision that was read is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /**
             * @description `STORE_UNAVAILABLE` The store cannot be reached
             *
             *     `KEY_MISSING` The key of the data is missing here
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    EventsController_send: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendEvent"];
            };
        };
        responses: {
            /** @description Stored */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventReceipt"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_ENDED` The machine has ended · `EVENT_REJECTED` The state refuses this event · `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `DATA_DESTROYED` The key of the data was destroyed */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /**
             * @description `EVENT_TOO_LARGE` The data of the event is too large
             *
             *     `CONTENT_TOO_LARGE` The body is too large
             */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNDECLARED_EVENT` No state of the machine has this event · `INVALID_EVENT` The event cannot be used · `RESULT_UNUSABLE` The data cannot be stored */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INBOX_FULL` As many events wait as the machine keeps */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /**
             * @description `STORE_UNAVAILABLE` The store cannot be reached
             *
             *     `KEY_MISSING` The key of the data is missing here
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ExplainController_explain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    MachineController_history: {
        parameters: {
            query?: {
                /** @description Only what came after the item of this number */
                after?: string;
                /** @description Items at most, 1 to 1000 */
                limit?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    EventsController_inbox: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inbox"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    EventsController_drop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                /** @description Its id in the list */
                item: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Dropped */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INBOX_ITEM_NOT_FOUND` There is no such event in the inbox */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SteeringController_move: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Move"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STEERING_REFUSED` The machine's status does not allow this · `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INVALID_ACT` The act cannot be done as asked */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SteeringController_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Act"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STEERING_REFUSED` The machine's status does not allow this · `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INVALID_ACT` The act cannot be done as asked */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ReplayController_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Replay"];
            };
        };
        responses: {
            /** @description The same replay was there before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Machine"];
                };
            };
            /** @description Started; this one stays as it is */
            201: {
                headers: {
                    /** @description Path of the new machine */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Machine"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `OUTSIDE_SCOPE` This is outside of what the caller is held to */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /**
             * @description `STEP_NOT_RECORDED` What the step began with is not kept
             *
             *     `CORRELATION_ID_TAKEN` The id is taken by a start with another payload · `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read
             *
             *     `DATA_DAMAGED` Encrypted data is not what was stored
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `DATA_DESTROYED` The key of the data was destroyed */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNKNOWN_MACHINE` No worker has published this machine · `UNKNOWN_VERSION` No worker has published this version · `INVALID_START` The definition does not allow this start · `INVALID_ACT` The act cannot be done as asked */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `TOO_MANY_STARTS` More starts than may be made in a second · `MEMORY_SHORT` Nothing new is started while the memory of the store is short */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /**
             * @description `STORE_UNAVAILABLE` The store cannot be reached
             *
             *     `KEY_MISSING` The key of the data is missing here
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SteeringController_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Act"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STEERING_REFUSED` The machine's status does not allow this · `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INVALID_ACT` The act cannot be done as asked */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SteeringController_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Act"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STEERING_REFUSED` The machine's status does not allow this · `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INVALID_ACT` The act cannot be done as asked */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    StreamController_stream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only what came after the item of this number; EventSource sends it when it comes back */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `history`: an item of the history, its number as the id · `machine`: the machine, when its status has changed · `lost` {count}: so many items that were asked for are kept no more · `end` {status}: it has ended; do not come back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_NOT_FOUND` There is no such machine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `MACHINE_QUARANTINED` The machine is set aside, its record cannot be read */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `TOO_MANY_STREAMS` As many streams are open as there may be */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    MachinesController_startMany: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkStart"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `OUTSIDE_SCOPE` This is outside of what the caller is held to */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNKNOWN_MACHINE` No worker has published this machine */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `TOO_MANY_STARTS` More starts than may be made in a second · `MEMORY_SHORT` Nothing new is started while the memory of the store is short */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    OperationsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operations"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    OperationsController_act: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActOnMany"];
            };
        };
        responses: {
            /** @description Stored; workers do it */
            202: {
                headers: {
                    /** @description Path of the operation */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationStarted"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `OUTSIDE_SCOPE` This is outside of what the caller is held to */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `OPERATION_ID_TAKEN` The id is taken by another operation */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNKNOWN_MACHINE` No worker has published this machine · `UNKNOWN_VERSION` No worker has published this version */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    OperationsController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `OPERATION_NOT_FOUND` There is no such operation */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    OperationsController_stop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `OPERATION_NOT_FOUND` There is no such operation */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedules"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutSchedule"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `OUTSIDE_SCOPE` This is outside of what the caller is held to */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large · `CONTEXT_TOO_LARGE` The context is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNKNOWN_MACHINE` No worker has published this machine · `UNKNOWN_VERSION` No worker has published this version · `CONTEXT_NOT_JSON` The context cannot be stored */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `SCHEDULE_NOT_FOUND` There is no such schedule */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleFields"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `OUTSIDE_SCOPE` This is outside of what the caller is held to */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large · `CONTEXT_TOO_LARGE` The context is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNKNOWN_MACHINE` No worker has published this machine · `UNKNOWN_VERSION` No worker has published this version · `CONTEXT_NOT_JSON` The context cannot be stored */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `SCHEDULE_NOT_FOUND` There is no such schedule */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `SCHEDULE_NOT_FOUND` There is no such schedule */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_stop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `SCHEDULE_NOT_FOUND` There is no such schedule */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_trigger: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Started */
            201: {
                headers: {
                    /** @description Path of the machine */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Triggered"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `SCHEDULE_NOT_FOUND` There is no such schedule */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNKNOWN_MACHINE` No worker has published this machine · `UNKNOWN_VERSION` No worker has published this version */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SessionController_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SessionController_signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `MALFORMED_REQUEST` The request cannot be read · `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNAUTHENTICATED` Who asks is not known */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `SIGN_IN_UNAVAILABLE` There is no such way to sign in here */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `CONTENT_TOO_LARGE` The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SessionController_signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `ORIGIN_REFUSED` Pages of other hosts may change nothing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    OidcLoginController_begin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the issuer */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `SIGN_IN_UNAVAILABLE` There is no such way to sign in here */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `ISSUER_UNAVAILABLE` The issuer of tokens cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    WorkersController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workers"];
                };
            };
            /** @description `VALIDATION_FAILED` Fields of the request cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `INTERNAL` An error that is ours */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `STORE_UNAVAILABLE` The store cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
}
