import { useEffect, useReducer, useState } from 'preact/hooks';
import { noteAnswer } from '../api/link';
import type { HistoryItem, Machine, Status } from '../api/types';
import { NOTHING, reduce, type StreamEvent, type Told } from '../logic/stream';

interface Live {
  readonly told: Told;
  /** The stream is open, or has told all there will be. */
  readonly connected: boolean;
}

type Action = StreamEvent | { readonly type: 'forget' };

const step = (told: Told, action: Action): Told => (action.type === 'forget' ? NOTHING : reduce(told, action));

/**
 * What happens to a machine, as it happens.
 *
 * @param epoch another number opens the stream again: after its end a failed machine may have been retried
 */
export function useStream(id: string, epoch: number): Live {
  const [told, dispatch] = useReducer<Told, Action>(step, NOTHING);
  const [connected, setConnected] = useState(false);

  useEffect(() => dispatch({ type: 'forget' }), [id]);

  useEffect(() => {
    dispatch({ type: 'open' });
    const source = new EventSource(`/v1/machines/${encodeURIComponent(id)}/stream`);
    const on = <T>(name: string, act: (data: T) => void): void =>
      source.addEventListener(name, (event: MessageEvent<string>) => act(JSON.parse(event.data) as T));
    source.onopen = () => {
      setConnected(true);
      noteAnswer();
    };
    // EventSource comes back by itself, and says how far it has read.
    source.onerror = () => setConnected(false);
    on<HistoryItem>('history', (item) => dispatch({ type: 'history', item }));
    on<Machine>('machine', (machine) => dispatch({ type: 'machine', machine }));
    on<{ count: number }>('lost', ({ count }) => dispatch({ type: 'lost', count }));
    on<{ status: Status }>('end', ({ status }) => {
      source.close(); // or it would come back for ever
      dispatch({ type: 'end', status });
    });
    return () => source.close();
  }, [id, epoch]);

  return { told, connected: connected || told.ended !== undefined };
}
