import { useQuery } from '@tanstack/react-query';
import { api } from './client';

const LIVE_MS = 15_000;

export const useHealth = () =>
  useQuery({
    queryKey: ['now'],
    queryFn: () => api.getNow(),
    refetchInterval: LIVE_MS,
  });
export const useIncidents = (limit: number) =>
  useQuery({
    queryKey: ['incidents', limit],
    queryFn: () => api.listIncidents({ limit }),
    refetchInterval: LIVE_MS,
  });
