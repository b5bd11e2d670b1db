export { notifierApp, senderApp } from './app';
