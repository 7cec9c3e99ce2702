import { useEffect, useRef } from 'preact/hooks';
import { stile } from '../api/stile';
import { usePoll } from '../hooks/use-poll';
import type { GraphMarks } from '../logic/graph-marks';
import { mark, readDrawing } from './draw-graph';
import { Loading } from './states';
import { ProblemBox } from './problem-box';

interface Props {
  readonly name: string;
  readonly version: number;
  readonly marks: GraphMarks;
  /** What a screen reader says instead of the drawing; the same stands as a list beside it. */
  readonly label: string;
  readonly onState?: (state: string) => void;
}

/** A definition, drawn by the API, with what this view knows marked on it. */
export function Graph({ name, version, marks, label, onState }: Props) {
  const drawing = usePoll(`graph ${name}@${version}`, (signal) => stile.graph(name, version, signal));
  const place = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement | undefined>(undefined);

  useEffect(() => {
    svg.current = drawing.data === undefined ? undefined : readDrawing(drawing.data);
    place.current?.replaceChildren(...(svg.current ? [svg.current] : []));
  }, [drawing.data]);

  useEffect(() => {
    if (svg.current) mark(svg.current, marks);
  }, [drawing.data, marks]);

  if (drawing.error?.isMissingRoute) return null;
  if (drawing.error && drawing.data === undefined) return <ProblemBox problem={drawing.error.problem} onRetry={drawing.reload} />;
  return (
    <>
      {drawing.data === undefined ? <Loading what="the graph" /> : null}
      <div
        ref={place}
        class={onState ? 'graph graph-links' : 'graph'}
        role="img"
        aria-label={label}
        onClick={(event) => {
          const state = event.target instanceof Element ? event.target.closest<SVGGElement>('g.node')?.dataset.state : undefined;
          if (state !== undefined) onState?.(state);
        }}
      />
    </>
  );
}
