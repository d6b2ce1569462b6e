import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { makeQueries } from './api.js';
import { App } from './app.js';
import './styles.css';

const root = document.getElementById('app');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={makeQueries()}>
        <Router base={new URL(document.baseURI).pathname.replace(/\/+$/, '')}>
          <App />
        </Router>
      </QueryClientProvider>
    </StrictMode>,
  );
