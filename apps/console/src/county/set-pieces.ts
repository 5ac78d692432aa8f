import type { Scene } from './stories';

export interface SetPiece {
  readonly number: number;
  readonly what: string;
  readonly hasPlan: boolean;
  readonly tell: (scene: Scene, number: number) => void;
}

export const setPieces: readonly SetPiece[] = [];
