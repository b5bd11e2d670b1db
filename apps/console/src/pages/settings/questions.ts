import { type Operations, type Setting } from '@telltale/api-client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';

export type SettingType = Setting['type'];
export type PutSetting = Operations['putSetting']['params'];
export type SettingTypes = Operations['listSettingTypes']['answer'];

export const MOST = 1_000;
const KEPT_FOR = '90d';
/** A receiver is tried within what the test waits for, and the answer has to come back. */
const TEST_SECONDS = 20;

export const useSettings = (type: SettingType) =>
  useQuery({
    queryKey: ['settings', 'list', type],
    queryFn: ({ signal }) => api.listSettings({ limit: MOST, type }, signal),
  });
/** They change with a release alone. */
export const useSettingTypes = (enabled: boolean) =>
  useQuery({ queryKey: ['settings', 'types'], queryFn: ({ signal }) => api.listSettingTypes({}, signal), staleTime: Infinity, enabled }); // prettier-ignore
export const useChanges = (type: SettingType | undefined) =>
  useQuery({
    queryKey: ['settings', 'history', type ?? ''],
    queryFn: ({ signal }) => api.listSettingChanges({ since: KEPT_FOR, limit: MOST, ...(type && { type }) }, signal),
  });
export const useDeliveries = () =>
  useQuery({
    queryKey: ['settings', 'deliveries'],
    queryFn: ({ signal }) => api.listDeliveries({ since: KEPT_FOR, limit: MOST }, signal),
  });
export const usePolicy = () =>
  useQuery({ queryKey: ['settings', 'policy'], queryFn: ({ signal }) => api.getPrivacyPolicy({}, signal) });

/** All that is shown of settings is asked again once one has changed. */
function useAfterChange(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['settings'] });
}

export function usePutSetting() {
  const onSuccess = useAfterChange();
  return useMutation({ mutationFn: (params: PutSetting) => api.putSetting(params), onSuccess });
}
export function useDeleteSetting() {
  const onSuccess = useAfterChange();
  return useMutation({ mutationFn: (params: Pick<Setting, 'type' | 'name'>) => api.deleteSetting(params), onSuccess });
}
export function useTestReceiver() {
  const onSuccess = useAfterChange();
  return useMutation({ mutationFn: (name: string) => api.testReceiver({ name, wait_seconds: TEST_SECONDS }), onSuccess });
}
export const useTryPrivacy = () => useMutation({ mutationFn: (text: string) => api.tryPrivacy({ text }) });
